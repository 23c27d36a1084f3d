/** The client of a channel that has an access key. */
import type { ProxySettings } from '../../alibaba/proxy.ts';
import type { OpenApiAccess, OpenChannel } from '../channels.ts';
import { OpenApiClient } from './client.ts';
import { originsFrom } from './hosts.ts';
import type { UsagePushWay } from './usage-push.ts';

export function openApiClient(
  { origin, accessKey, secretKey }: OpenApiAccess,
  proxy: ProxySettings | undefined,
): OpenApiClient {
  return new OpenApiClient({ origins: originsFrom(origin), keys: { accessKey, secretKey }, proxy });
}

/** @returns undefined if the channel has no access key: then nothing can be reported */
export function usageWayOf(
  { openApi, keys }: Pick<OpenChannel, 'openApi' | 'keys'>,
  proxy: ProxySettings | undefined,
): UsagePushWay | undefined {
  if (openApi === undefined) return undefined;
  return { client: openApiClient(openApi, proxy), key: keys.current, ...openApi.usage };
}

/** A seller whom the simulated marketplace knows, and the ways to it; without anything of a test, for processes too. */
import { OpenApiClient, type OpenApiOptions } from '../../src/koogallery/openapi/client.ts';
import type { UsagePushWay } from '../../src/koogallery/openapi/usage-push.ts';

export const SELLER = {
  accessKey: 'AKSELLER',
  secretKey: 'secret-of-the-seller',
  key: '00000000-1111-2222-3333-444444444444',
};

export function clientOf(origin: string, more: Partial<OpenApiOptions> = {}): OpenApiClient {
  return new OpenApiClient({ origins: [origin], keys: SELLER, retryMs: 1, ...more });
}

export function wayTo(origin: string, more: Partial<OpenApiOptions> = {}): UsagePushWay {
  return { client: clientOf(origin, more), interface: 'new', key: SELLER.key, withAccessKey: true };
}

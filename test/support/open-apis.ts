/** The simulated marketplace's open APIs, a seller whom it knows, and what a seller's usage is made of. */
import { onTestFinished } from 'vitest';
import { OpenApiClient, type OpenApiOptions } from '../../src/koogallery/openapi/client.ts';
import type { UsagePushWay } from '../../src/koogallery/openapi/usage-push.ts';
import { unitsOf } from '../../src/koogallery/usage/decimal.ts';
import type { CheckedUsage } from '../../src/koogallery/usage/rules.ts';
import {
  type OpenApisOptions,
  type StartedOpenApis,
  startOpenApis,
} from '../../src/sandbox/koogallery/open-server.ts';

export const SELLER = {
  accessKey: 'AKSELLER',
  secretKey: 'secret-of-the-seller',
  key: '00000000-1111-2222-3333-444444444444',
};

export async function openApisForTest(options: Partial<OpenApisOptions> = {}): Promise<StartedOpenApis> {
  const apis = await startOpenApis({ sellers: [SELLER], ...options });
  onTestFinished(() => apis.stop());
  return apis;
}

export function clientOf(origin: string, more: Partial<OpenApiOptions> = {}): OpenApiClient {
  return new OpenApiClient({ origins: [origin], keys: SELLER, retryMs: 1, ...more });
}

export function wayTo(origin: string, more: Partial<OpenApiOptions> = {}): UsagePushWay {
  return { client: clientOf(origin, more), interface: 'new', key: SELLER.key, withAccessKey: true };
}

const HOUR_MS = 3_600_000;

/** Usage of one of the last hours that are over. @param hoursAgo 1 for the last one */
export function makeUsage(instanceId: string, hoursAgo: number, value = '1'): CheckedUsage {
  const end = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - (hoursAgo - 1) * HOUR_MS;
  const units = unitsOf(value);
  if (units === undefined) throw new Error(value);
  return { instanceId, begin: end - HOUR_MS, end, recordTime: end, value, units };
}

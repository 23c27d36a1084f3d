/** The simulated marketplace's open APIs, and what a seller's usage is made of. */
import { onTestFinished } from 'vitest';
import { unitsOf } from '../../src/koogallery/usage/decimal.ts';
import type { CheckedUsage } from '../../src/koogallery/usage/rules.ts';
import {
  type OpenApisOptions,
  type StartedOpenApis,
  startOpenApis,
} from '../../src/sandbox/koogallery/open-server.ts';
import { SELLER } from './seller.ts';

export async function openApisForTest(options: Partial<OpenApisOptions> = {}): Promise<StartedOpenApis> {
  const apis = await startOpenApis({ sellers: [SELLER], ...options });
  onTestFinished(() => apis.stop());
  return apis;
}

const HOUR_MS = 3_600_000;

/** Usage of one of the last hours that are over. @param hoursAgo 1 for the last one */
export function makeUsage(instanceId: string, hoursAgo: number, value = '1'): CheckedUsage {
  const end = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - (hoursAgo - 1) * HOUR_MS;
  const units = unitsOf(value);
  if (units === undefined) throw new Error(value);
  return { instanceId, begin: end - HOUR_MS, end, recordTime: end, value, units };
}

/** The calls that report usage, new and old: what is sent, and what an answer says of single records. */
import { randomUUID } from 'node:crypto';
import { boundName } from '../../alibaba/peer-text.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { usageSignature } from '../protocol/usage-signature.ts';
import type { OpenApiCall, OpenApiClient, Outcome } from './client.ts';

const PATHS = {
  new: '/api/mkp-openapi-public/global/v1/isv/usage-data',
  old: '/rest/marketplace/v1/isv/usage-data',
} as const;

/** Outside of the list of abnormal records, three digits may also be a success. */
const RECORD_CODE = /^0(0[1-9]|1[0-3])$/;
const ANY_CODE = /^[\w.-]{1,32}$/;

/** Deeper than any answer that a page shows. */
const DEPTH_MAX = 6;

export interface UsageToPush {
  meteringSn: string;
  instanceId: string;
  /** These three as the marketplace writes them: `20220809T080000Z`. */
  recordTime: string;
  beginTime: string;
  endTime: string;
  /** Decimal. */
  value: string;
  relatedPackage?: string | undefined;
  /** Only the old call has it. */
  productId?: string | undefined;
}

export interface UsagePushWay {
  client: OpenApiClient;
  interface: 'new' | 'old';
  /** The seller's key that is bound to the base interface; used by the new one. */
  key: string;
  /** Whether the new one is signed with the access key as well: pages disagree. */
  withAccessKey: boolean;
}

/** What an answer says of one record, named by its `metering_sn` or, as the old call has none, by its instance and span. */
export interface RecordAnswer {
  meteringSn?: string;
  /** As `spanOf` makes it. */
  span?: string;
  /** `001` to `013`, others may come; `unknown` if the record stands among the abnormal ones without one. */
  code: string;
}

/** The body, its names in their natural order on every level. */
export function usageBody(records: readonly UsageToPush[], form: 'new' | 'old'): string {
  return JSON.stringify({
    usage_records: records.map((record) => (form === 'new' ? newForm : oldForm)(record)),
  });
}

export function pushUsage(way: UsagePushWay, records: readonly UsageToPush[]): Promise<Outcome> {
  const { client, interface: form, key, withAccessKey } = way;
  const body = usageBody(records, form);
  const call: OpenApiCall = { method: 'POST', path: PATHS[form], body };
  if (form === 'old') return client.call(call);
  const headers = (now: number) => {
    const [ts, nonce] = [String(now), randomUUID()];
    return { ts, nonce, signature: usageSignature(key, { ts, nonce, body }) };
  };
  return client.call({ ...call, headers, isSigned: withAccessKey });
}

/** Two records of one span are one to the marketplace, of which only the first counts. */
export function spanOf(instanceId: string, beginTime: string, endTime: string): string {
  return `${instanceId} ${beginTime} ${endTime}`;
}

/**
 * What an answer says of single records. No page names the list (docs/koogallery-sources.md), so every object is taken that
 * names a record with one of the known codes, wherever it stands, and every one below `abnormal_usage_data`.
 */
export function recordAnswers(body: unknown): RecordAnswer[] {
  const found: RecordAnswer[] = [];
  visit(body, { depth: 0, isAbnormal: false });
  return found;

  function visit(value: unknown, { depth, isAbnormal }: { depth: number; isAbnormal: boolean }): void {
    if (depth > DEPTH_MAX) return;
    if (Array.isArray(value)) for (const each of value) visit(each, { depth: depth + 1, isAbnormal });
    else if (isJsonObject(value)) {
      const code = codeIn(value, isAbnormal);
      const name = code === undefined ? undefined : nameOf(value);
      if (code !== undefined && name !== undefined) found.push({ ...name, code });
      for (const [key, each] of Object.entries(value))
        visit(each, { depth: depth + 1, isAbnormal: isAbnormal || key === 'abnormal_usage_data' });
    }
  }
}

function nameOf(object: JsonObject): Omit<RecordAnswer, 'code'> | undefined {
  const { metering_sn: meteringSn, instance_id: instance, begin_time: begin, end_time: end } = object;
  if (typeof meteringSn === 'string') return { meteringSn };
  const isSpan = typeof instance === 'string' && typeof begin === 'string' && typeof end === 'string';
  return isSpan ? { span: spanOf(instance, begin, end) } : undefined;
}

/** Its property may have any name that sounds like one. */
function codeIn(object: JsonObject, isAbnormal: boolean): string | undefined {
  const pattern = isAbnormal ? ANY_CODE : RECORD_CODE;
  const entry = Object.entries(object).find(
    ([name, value]) => /code|status|result|reason/i.test(name) && pattern.test(String(value)),
  );
  if (entry !== undefined) return boundName(String(entry[1]));
  return isAbnormal ? 'unknown' : undefined;
}

function newForm({ meteringSn, relatedPackage, ...record }: UsageToPush) {
  return {
    begin_time: record.beginTime,
    end_time: record.endTime,
    instance_id: record.instanceId,
    metering_sn: meteringSn,
    record_time: record.recordTime,
    ...(relatedPackage !== undefined && { relate_pkg_instance: relatedPackage }),
    usage_value: record.value,
  };
}

function oldForm(record: UsageToPush) {
  const { metering_sn: _, begin_time, end_time, instance_id, ...rest } = newForm(record);
  return { begin_time, end_time, instance_id, product_id: record.productId, ...rest };
}

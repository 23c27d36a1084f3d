/** License 2.0: the calls by which a seller's software activates a code and asks how it stands. Version 1 of both. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { isJsonObject, type JsonObject, parseJson } from '../protocol/json.ts';
import { formatUtc14 } from '../protocol/time.ts';
import type { OpenApiClient } from './client.ts';
import { requireDone } from './require-done.ts';

const BASE = '/api/mkp-openapi-public/global/v1/license';

const text = z
  .union([z.string(), z.number()])
  .transform((value) => String(value))
  .optional()
  .catch(undefined);

/** How a code stands after its activation. */
const activatedSchema = z.object({
  status: text,
  /** As the marketplace writes it: an estimate, as `queryLicense` says it better. */
  expire_time: text,
  product_id: text,
  order_id: text,
  amount: text,
});

const standingSchema = z.looseObject({
  license_code: text,
  /** ALIVE, EXPIRED, RELEASED; others may come. */
  status: z.string(),
  activate_time: text,
  expire_time: text,
});

export interface ActivatedLicense {
  status?: string | undefined;
  expireTime?: string | undefined;
  productId?: string | undefined;
  orderId?: string | undefined;
  amount?: string | undefined;
  /** All that the marketplace said. */
  raw: JsonObject;
}

export interface LicenseStanding {
  status: string;
  activateTime?: string | undefined;
  expireTime?: string | undefined;
  /** All that the marketplace said; it may grow. */
  raw: JsonObject;
}

/**
 * @param order `effectiveFrom`: not before the time of the order
 * @throws AppError MARKETPLACE_UNREACHABLE, MARKETPLACE_DENIED, MARKETPLACE_REFUSED, MARKETPLACE_UNREADABLE
 */
export async function activateLicense(
  client: OpenApiClient,
  { license, effectiveFrom }: { license: string; effectiveFrom?: Date | undefined },
): Promise<ActivatedLicense> {
  const from = effectiveFrom && { real_effect_time: formatUtc14(effectiveFrom) };
  const data = await post(client, 'activate', { license, ...from });
  // A JSON text inside of the JSON.
  const info = data.license_code_info;
  const raw = typeof info === 'string' ? parseJson(info) : info;
  if (!isJsonObject(raw)) throw unreadable('license_code_info');
  const read = activatedSchema.parse(raw);
  return {
    status: read.status,
    expireTime: read.expire_time,
    productId: read.product_id,
    orderId: read.order_id,
    amount: read.amount,
    raw,
  };
}

/**
 * To be asked at the first use of each day. @throws AppError MARKETPLACE_UNREACHABLE, MARKETPLACE_DENIED,
 * MARKETPLACE_REFUSED, MARKETPLACE_UNREADABLE
 */
export async function queryLicense(client: OpenApiClient, license: string): Promise<LicenseStanding> {
  const raw = await post(client, 'heartbeat', { license });
  const { success, data } = standingSchema.safeParse(raw);
  if (!success) throw unreadable('status');
  return { status: data.status, activateTime: data.activate_time, expireTime: data.expire_time, raw };
}

async function post(client: OpenApiClient, verb: string, content: object): Promise<JsonObject> {
  const outcome = await client.call({
    method: 'POST',
    path: `${BASE}/${verb}`,
    body: JSON.stringify(content),
  });
  const { body } = requireDone(outcome, `The call license/${verb}`);
  if (!isJsonObject(body.data)) throw unreadable('data');
  return body.data;
}

const unreadable = (what: string) =>
  new AppError('MARKETPLACE_UNREADABLE', `The answer about a licence has no usable ${what}.`);

/** What is known of a purchase, in the clear, and where the settings say that a value is found in it. Pure but for opening. */
import type { PurchaseFact, PurchasePath } from '../../onboarding/koogallery-paths.ts';
import { unsealed } from '../lifecycle/unsealed.ts';
import { extendParams } from '../protocol/fields.ts';
import { isJsonObject, parseJson } from '../protocol/json.ts';
import type { Instance } from '../registry/instance-record.ts';
import type { Seal } from '../seal.ts';

export interface Purchase {
  facts: Readonly<Record<PurchaseFact, string | undefined>>;
  buyer: Readonly<Record<string, unknown>>;
  /** As the marketplace tells it, or the fields of the call that made the instance. */
  order: unknown;
  /** What the buyer was asked for, by its name. */
  asked: ReadonlyMap<string, string>;
}

/** Fields that hold what buyers were asked for; `customerId` is none of them. */
const ASKED = /extend_?params|custom(?!er)/i;

/** @throws AppError CONFIG_INVALID if no key opens what is sealed */
export function purchaseOf(instance: Instance, seal: Seal): Purchase {
  const { id, orderId, orderLineId, productId, skuCode } = instance;
  const order = unsealed(seal, instance.order ?? {});
  const asked = new Map<string, string>();
  collectAsked(order, asked);
  return {
    facts: { instanceId: id, orderId, orderLineId, productId, skuCode },
    buyer: unsealed(seal, instance.buyer ?? {}) as Record<string, unknown>,
    ...{ order, asked },
  };
}

/** @returns undefined if nothing is there, or something else than a text or a number */
export function valueAt(purchase: Purchase, path: PurchasePath): string | undefined {
  switch (path.of) {
    case 'fact':
      return purchase.facts[path.name];
    case 'buyer':
      return textOf(fieldOf(purchase.buyer, path.name));
    case 'extend':
      return purchase.asked.get(path.name);
    case 'order':
      return textOf(path.steps.reduce(fieldOf, purchase.order));
  }
}

function fieldOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^\d{1,6}$/.test(name) ? value[Number(name)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** The first that has a name counts: what is said of the order as a whole stands before its lines. */
function collectAsked(value: unknown, asked: Map<string, string>): void {
  if (Array.isArray(value)) for (const each of value) collectAsked(each, asked);
  if (!isJsonObject(value)) return;
  const entries = Object.entries(value);
  for (const [name, each] of entries) if (ASKED.test(name)) addPairs(each, asked);
  for (const [name, each] of entries) if (!ASKED.test(name)) collectAsked(each, asked);
}

function addPairs(value: unknown, asked: Map<string, string>): void {
  for (const { name, value: said } of pairsIn(value)) {
    const text = textOf(said);
    if (typeof name === 'string' && text !== undefined && !asked.has(name)) asked.set(name, text);
  }
}

/** A list of names and values; as JSON; or as Base64 of that. */
function pairsIn(value: unknown): { name?: unknown; value?: unknown }[] {
  if (Array.isArray(value)) return value.filter(isJsonObject);
  if (typeof value !== 'string') return [];
  const list = parseJson(value);
  return Array.isArray(list) ? list.filter(isJsonObject) : extendParams.parse(value);
}

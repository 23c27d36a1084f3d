/** What was sealed, in the clear again: for the one who has to do the work, and nobody else. */
import { isJsonObject } from '../protocol/json.ts';
import { isSealed, type Seal } from '../seal.ts';

/** Any JSON value, with every sealed text in it opened. @throws AppError CONFIG_INVALID if no key opens one */
export function unsealed(seal: Seal, value: unknown): unknown {
  if (typeof value === 'string') return isSealed(value) ? seal.open(value) : value;
  if (Array.isArray(value)) return value.map((each: unknown) => unsealed(seal, each));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unsealed(seal, each)]));
}

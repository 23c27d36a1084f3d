/** What the check of a signature comes to: data, never an exception. Pure. */

/** The seller's keys of one interface category. While one is being replaced, the one before it is accepted too. */
export interface SellerKeys {
  current: string;
  previous?: string | undefined;
}

/** Which of the two keys matched. */
export type KeyAge = 'current' | 'previous';

/**
 * Why a signature is refused. `stale` and `early` are said only of a signature that is right: its timestamp lies outside
 * the window. Everything here is answered with `000001`; the reason is for the audit.
 */
export type Refusal = 'missing' | 'malformed' | 'mismatch' | 'stale' | 'early';

export type Refused = { valid: false; reason: Refusal };

/** A signature that is right. `variant` says which reading of the request matched, for the audit. */
export type Matched<Variant extends string> = { valid: true; key: KeyAge; variant: Variant };

/**
 * Tries each reading of a request under the current key, then under the previous one.
 * @param matches whether the signature is right for this key and this reading
 */
export function firstMatch<Variant extends string>(
  keys: SellerKeys,
  variants: readonly Variant[],
  matches: (key: string, variant: Variant) => boolean,
): Matched<Variant> | undefined {
  const aged: [KeyAge, string | undefined][] = [
    ['current', keys.current],
    ['previous', keys.previous],
  ];
  for (const [age, key] of aged) {
    // An empty key would let anybody sign.
    if (key === undefined || key === '') continue;
    const variant = variants.find((each) => matches(key, each));
    if (variant !== undefined) return { valid: true, key: age, variant };
  }
  return undefined;
}

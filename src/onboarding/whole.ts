import { z } from 'zod';

/** A setting that is a whole number. */
export function whole(min: number, max: number) {
  const range = `must be from ${min} to ${max}`;
  return z
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(min, range)
    .max(max, range);
}

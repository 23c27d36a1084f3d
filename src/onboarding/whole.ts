import { z } from 'zod';

/** A setting that is a whole number. */
export const whole = (min: number, max: number) =>
  z.number({ error: 'must be a number' }).int('must be a whole number').min(min).max(max);

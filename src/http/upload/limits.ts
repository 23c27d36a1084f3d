/** What an upload may take. */
import type { HttpSettings } from '../../onboarding/http-settings.ts';

export interface UploadLimits {
  /** Of the whole body; also of what its zips hold. */
  bytesMax: number;
  /** Of one part. */
  partBytesMax: number;
  partsMax: number;
  /** Of one part that is no file. */
  fieldBytesMax: number;
  /** From the first byte to the last, in milliseconds. */
  withinMs: number;
  /** Between two pieces, in milliseconds. */
  silenceMs: number;
}

const MEGABYTE = 1024 * 1024;

/** Of a file of customers with all of their agreements. */
export function batchLimits({ uploadMegabytes }: Pick<HttpSettings, 'uploadMegabytes'>): UploadLimits {
  return {
    bytesMax: uploadMegabytes * MEGABYTE,
    partBytesMax: uploadMegabytes * MEGABYTE,
    partsMax: 20_000,
    fieldBytesMax: 64 * 1024,
    withinMs: 15 * 60_000,
    silenceMs: 30_000,
  };
}

/** Of one customer with its agreement. More than is taken, so that an agreement that is too large is called that. */
export const CUSTOMER_LIMITS: UploadLimits = {
  bytesMax: 4 * MEGABYTE,
  partBytesMax: 4 * MEGABYTE,
  partsMax: 8,
  fieldBytesMax: 64 * 1024,
  withinMs: 60_000,
  silenceMs: 15_000,
};

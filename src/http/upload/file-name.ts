/** Names of uploaded files, from anybody. Pure. */
import { AppError } from '../../errors.ts';
import { quoted } from '../../printable.ts';

/** Most bytes of a name that file systems take, with room for endings of ours. */
const NAME_BYTES_MAX = 240;

/**
 * The last part of the name, as the person sees it.
 * @throws AppError AGREEMENT_OUTSIDE for a name that leads elsewhere, or is none
 */
export function fileNameOf(given: string): string {
  const steps = given.split(/[\\/]/);
  const name = steps.at(-1) ?? '';
  const leadsOut = steps.includes('..') || /^([\\/]|[a-z]:)/i.test(given) || given.includes('\0');
  if (!leadsOut && name !== '' && name !== '.' && Buffer.byteLength(name) <= NAME_BYTES_MAX) return name;
  throw new AppError('AGREEMENT_OUTSIDE', `${quoted(given.slice(0, 100))} cannot be the name of a file`);
}

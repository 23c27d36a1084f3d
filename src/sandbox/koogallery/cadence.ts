/** How often and how long the marketplace sends a call again that did not succeed (docs/koogallery-sources.md). Pure. */
import type { Generation } from '../../koogallery/protocol/intent.ts';
import type { Step } from './message.ts';

export interface Cadence {
  everyMs: number;
  /** All in all, the first call counted. */
  tries: number;
  /** Pages that disagree are read so that nothing is asked of a seller later or less often than any of them says. */
  sure: 'D' | 'I';
}

const MINUTE_MS = 60_000;
const every = (minutes: number, tries: number, sure: Cadence['sure'] = 'D'): Cadence => ({
  everyMs: minutes * MINUTE_MS,
  tries,
  sure,
});

const ONCE: Cadence = { everyMs: 0, tries: 1, sure: 'D' };
/** What is said of no interval: treated as an hour, as the older generation has it. */
const UNKNOWN = every(1, 60, 'I');

const CADENCES: Readonly<Record<Generation, { other: Cadence } & Partial<Record<Step, Cadence>>>> = {
  'saas-v2': { create: every(60, 3), query: UNKNOWN, other: UNKNOWN },
  'saas-v1': { create: every(3, 60), upgrade: every(3, 60), query: UNKNOWN, other: every(1, 60) },
  'license-v2': { other: every(2, 60) },
  'license-v1': { create: every(60, 3), other: ONCE },
  'license-online': { create: every(2, 60), other: every(2, 60) },
};

/** Joint operation is sent again only if the buyer asks for it. */
export function cadenceOf(generation: Generation, step: Step): Cadence {
  if (step.startsWith('kit.')) return ONCE;
  if (step === 'notify') return UNKNOWN;
  return CADENCES[generation][step] ?? CADENCES[generation].other;
}

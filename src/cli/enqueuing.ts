/** What a person sees while rows are being enqueued, and what is said if they stop it there. */
import type { ImportOrder } from '../index.ts';
import { atInterrupt } from './interrupt.ts';
import { isInteractive, redraw, say } from './output.ts';

/** On a terminal, and elsewhere. */
const SHOW_EVERY_MS = { line: 200, log: 10_000 };
const MS_PER_SECOND = 1_000;

interface Begun {
  batchId: string;
  /** How many there will be. */
  total: number;
  at: number;
}

/** @param now the clock, in milliseconds */
export function showEnqueuing(
  now: () => number = Date.now,
): Required<Pick<ImportOrder, 'onBegin' | 'onProgress'>> {
  const everyMs = isInteractive() ? SHOW_EVERY_MS.line : SHOW_EVERY_MS.log;
  let begun: Begun = { batchId: '', total: 0, at: 0 };
  let next = 0;
  atInterrupt(() => 'Interrupted: nothing was enqueued.');
  return {
    onBegin(batchId, total) {
      begun = { batchId, total, at: now() };
      // Most imports are over before there is anything to see.
      next = begun.at + everyMs;
      atInterrupt(() => describeStop(begun, 0));
    },
    onProgress(rows) {
      atInterrupt(() => describeStop(begun, rows));
      if (rows >= begun.total && isInteractive()) redraw('');
      if (rows >= begun.total || now() < next) return;
      next = now() + everyMs;
      const show = isInteractive() ? redraw : say;
      show(describeProgress(begun, rows, now()));
    },
  };
}

function describeProgress({ total, at }: Begun, rows: number, now: number): string {
  const perSecond = Math.round((rows * MS_PER_SECOND) / Math.max(1, now - at));
  return `Enqueued ${rows}/${total} rows, ${perSecond}/s`;
}

function describeStop({ batchId, total }: Begun, rows: number): string {
  return [
    `Interrupted: ${rows} of ${total} rows are in batch ${batchId}, perhaps some more; workers send them.`,
    `To add the others, repeat the command. To see it: onboard status ${batchId}. To stop it: onboard cancel ${batchId}`,
  ].join('\n');
}

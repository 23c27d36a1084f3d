/** Shows a batch until nothing more happens to it: a live bar on a terminal, a line every 10 s elsewhere. */
import type { Snapshot } from '../index.ts';
import { rarely } from '../logger.ts';
import { HOLD_KINDS, type HoldReason } from '../onboarding/holds.ts';
import { renderBar, renderLine } from './bar.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { renderHold } from './holds-view.ts';
import { isInteractive, keepBelow, say } from './output.ts';

const LINE_EVERY_MS = 10_000;

/** What is said when something no longer holds; the rest is seen in the numbers. */
const OVER: Partial<Record<HoldReason, string>> = {
  noWorker: 'A worker is running.',
  workersInTrouble: 'A worker takes jobs again.',
  outage: 'The peer is answering again.',
};

/** @returns the last snapshot of the batch */
export async function watch(snapshots: AsyncIterable<Snapshot>): Promise<Snapshot> {
  const view = isInteractive() ? await openLiveView() : openPlainView();
  try {
    return await showAll(snapshots, view);
  } finally {
    view.end();
  }
}

interface View {
  show(snapshot: Snapshot): void;
  end(): void;
}

/** Loaded only for a terminal, like all that it takes to draw on one. */
async function openLiveView(): Promise<View> {
  const { LiveLine } = await import('./live-line.ts');
  const line = new LiveLine(process.stderr);
  keepBelow(line);
  return {
    show: ({ progress }) => line.show((columns) => renderBar(progress, columns)),
    end() {
      keepBelow(undefined);
      line.end();
    },
  };
}

function openPlainView(): View {
  const sayRarely = rarely(LINE_EVERY_MS, say);
  return {
    show: ({ isOver, progress }) => (isOver ? say : sayRarely)(renderLine(progress)),
    end: () => undefined,
  };
}

async function showAll(snapshots: AsyncIterable<Snapshot>, view: View): Promise<Snapshot> {
  const teller = new HoldTeller();
  let last: Snapshot | undefined;
  for await (const snapshot of snapshots) {
    // What ends the watching is explained at the end.
    if (snapshot.needsPerson === undefined) teller.tell(snapshot);
    last = snapshot;
    view.show(snapshot);
  }
  if (last === undefined) throw new Error('Following a batch yields at least one snapshot.');
  return last;
}

/** Says once what begins to keep rows from moving, and once that it is over. */
class HoldTeller {
  readonly #told = new Set<HoldReason>();

  tell({ heldBy, account }: Snapshot): void {
    // Nothing holds a finished batch, although what held it may last.
    const over = [...this.#told].filter(
      (reason) => OVER[reason] && !account.heldBy.some((hold) => hold.reason === reason),
    );
    const begun = heldBy.filter(({ reason }) => !this.#told.has(reason));
    // What has no end to be told, such as a queue that grows and shrinks, is told only once.
    for (const reason of over) this.#told.delete(reason);
    for (const { reason } of begun) this.#told.add(reason);
    for (const line of [...over.flatMap((reason) => OVER[reason] ?? []), ...begun.map(renderHold)]) say(line);
  }
}

/** The exit code of a batch that was watched, and the sentence that explains it. */
export function conclude({ batch, heldBy, needsPerson }: Snapshot): ExitCode {
  const { submitted, unchanged, failed, cancelled } = batch.counts;
  const tally = `${submitted} submitted, ${unchanged} unchanged, ${failed} failed, ${cancelled} cancelled`;
  say(`Batch ${batch.id} is ${batch.state}: ${tally}.`);
  if (failed > 0) say(`To see why: onboard results ${batch.id} --failed`);
  if (needsPerson === undefined) return failed > 0 ? EXIT.rowsFailed : EXIT.done;
  for (const hold of heldBy)
    if (HOLD_KINDS[hold.reason].needsPerson) say(`It does not go on: ${renderHold(hold)}`);
  say(
    `No row is lost; the batch continues once that is done. To watch it: onboard status ${batch.id} --watch`,
  );
  return EXIT.needsPerson;
}

/** Shows a batch until nothing more happens to it: a live bar on a terminal, a line every 10 s elsewhere. */
import type { Snapshot } from '../index.ts';
import { rarely } from '../logger.ts';
import type { OpenOutage } from '../pace/outage.ts';
import { describeOutage } from './accounts-view.ts';
import { renderBar, renderLine } from './bar.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { isInteractive, redraw, say } from './output.ts';

const LINE_EVERY_MS = 10_000;

/** @returns the last snapshot of the batch */
export async function watch(snapshots: AsyncIterable<Snapshot>): Promise<Snapshot> {
  const show = isInteractive() ? redraw : rarely(LINE_EVERY_MS, say);
  let last: Snapshot | undefined;
  for await (const snapshot of snapshots) {
    tellOutage(last?.outage, snapshot.outage);
    last = snapshot;
    if (isInteractive()) show(renderBar(snapshot.progress));
    else if (snapshot.isOver) say(renderLine(snapshot.progress));
    else show(renderLine(snapshot.progress));
  }
  if (last === undefined) throw new Error('Following a batch yields at least one snapshot.');
  if (isInteractive()) say('');
  return last;
}

/** Says once that the peer has stopped answering, and once that it answers again. */
function tellOutage(before: OpenOutage | undefined, now: OpenOutage | undefined): void {
  if (before?.since === now?.since) return;
  // Clears the bar from the current line.
  if (isInteractive()) redraw('');
  if (now) say(`outage ${describeOutage(now)}`);
  else say('The peer is answering again.');
}

/** The exit code of a batch that was watched, and the sentence that explains it. */
export function conclude({ batch, breaker }: Snapshot): ExitCode {
  if (breaker) {
    say(`The peer refuses the account: ${breaker.code} ${breaker.message}\n  → ${breaker.hint}`);
    say(
      `No row is lost; the batch continues on its own once the account is accepted. To watch it: onboard status ${batch.id} --watch`,
    );
    return EXIT.refused;
  }
  const { submitted, unchanged, failed, cancelled } = batch.counts;
  const tally = `${submitted} submitted, ${unchanged} unchanged, ${failed} failed, ${cancelled} cancelled`;
  say(`Batch ${batch.id} is ${batch.state}: ${tally}.`);
  if (batch.state === 'paused')
    say(`Too many ${batch.pausedWhy} refusals in a row. Once the cause is fixed: onboard resume ${batch.id}`);
  if (failed > 0) say(`To see why: onboard results ${batch.id} --failed`);
  return failed > 0 ? EXIT.rowsFailed : EXIT.done;
}

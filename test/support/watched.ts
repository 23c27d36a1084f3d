/** Watches a batch of which each next snapshot comes when the terminal has another size; run by `live-line.test.ts`. */
import { on } from 'node:events';
import { watch } from '../../src/cli/watch.ts';
import type { Snapshot } from '../../src/index.ts';

const PROGRESS = {
  total: 1_000_000,
  submitted: 499_990,
  failed: 10,
  retrying: 2,
  throttled: 3,
  perSecond: 4.9,
};

async function* snapshots(resizes: number): AsyncGenerator<Snapshot> {
  const account = { heldBy: [] };
  const look = (done: number, isOver: boolean) =>
    ({
      progress: { ...PROGRESS, done, etaSeconds: 102_000 },
      heldBy: [],
      account,
      isOver,
    }) as unknown as Snapshot;
  // Listening to the terminal alone keeps no process alive.
  const waiting = setInterval(() => undefined, 60_000);
  const resized = on(process.stderr, 'resize');
  yield look(500_000, false);
  for (let count = 0; count < resizes; count++) await resized.next();
  clearInterval(waiting);
  yield look(1_000_000, true);
}

await watch(snapshots(Number(process.argv[2])));

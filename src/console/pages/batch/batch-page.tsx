/** One batch: how far it is, what holds it, what failed, and each of its rows. */
import { get, part } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import type { BatchDetail, Rate, WatchedBatch } from '../../api/types.ts';
import { useLoad, useThrottled } from '../../api/use-load.ts';
import { t } from '../../language.ts';
import { search, setSearch } from '../../router.ts';
import { RateChart } from '../../ui/chart.tsx';
import { Holds } from '../../ui/holds.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { countDone } from '../../ui/outcome-bar.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { BatchHead } from './batch-head.tsx';
import { Failures } from './failures.tsx';
import { BatchLog } from './log.tsx';
import { Progress } from './progress.tsx';
import { Results } from './results.tsx';
import { RowDrawer } from './row-drawer.tsx';
import { RowTable, useRows } from './row-table.tsx';

/** News may come twice a second; what has to be asked for anew can wait a little. */
const ASK_EVERY_MS = 2_000;

export function BatchPage({ id }: { id: string }) {
  const at = `/v1/batches/${part(id)}`;
  const batch = useLoad(at, (signal) => get<BatchDetail>(at, {}, signal));
  const rate = useLoad(`${at}/rate`, (signal) => get<Rate>(`${at}/rate`, {}, signal));
  const rows = useRows(at);
  const askAgain = useThrottled(() => {
    batch.reload();
    rate.reload();
    rows.reload();
  }, ASK_EVERY_MS);
  useLive({
    // Of one that is gone nothing more is told.
    path: batch.problem?.status === 404 ? undefined : `${at}/events`,
    on: {
      batch(news) {
        // Whatever the news do not name is over, but for what they never name.
        batch.change(({ codes, parkedRows, perSecond }) => ({
          ...(news as WatchedBatch),
          ...{ codes, parkedRows, perSecond },
        }));
        askAgain();
      },
    },
    refresh: askAgain,
  });
  useTitle(batch.data?.name || id);
  return (
    <>
      {batch.data === undefined && <h1>{id}</h1>}
      <WhenLoaded of={batch}>
        {(detail) => (
          <>
            <BatchHead batch={detail} onChange={askAgain} />
            <Holds holds={detail.heldBy} />
            <div class="columns">
              <div>
                <Progress batch={detail} />
                <RatePanel rate={rate.data} batch={detail} />
              </div>
              <Failures batch={detail} at={at} onChange={askAgain} />
            </div>
            <RowTable batch={detail} rows={rows} />
            <div class="columns">
              <Results at={at} />
              <BatchLog at={at} stamp={logStamp(detail)} />
            </div>
            <OpenRow at={at} batch={detail} onChange={askAgain} />
          </>
        )}
      </WhenLoaded>
    </>
  );
}

/** What changes whenever somebody does something to a batch. */
const logStamp = ({ state, counts, parked, reviews, priority }: BatchDetail) =>
  JSON.stringify([state, counts.pending, parked, reviews, priority]);

function RatePanel({ rate: known, batch }: { rate: Rate | undefined; batch: BatchDetail }) {
  const text = t().batch;
  if (known === undefined) return null;
  // The last span of time is not over yet.
  const rate = batch.state === 'running' ? { ...known, points: known.points.slice(0, -1) } : known;
  return (
    <section class="panel" aria-labelledby="rate">
      <h2 id="rate">{text.chart}</h2>
      {rate.points.length < 2 ? (
        <p class="quiet">{countDone(batch) > 0 ? text.chartShort : text.chartEmpty}</p>
      ) : (
        <RateChart rate={rate} />
      )}
    </section>
  );
}

/** The row of the address. */
function OpenRow({ at, batch, onChange }: { at: string; batch: BatchDetail; onChange(): void }) {
  const row = search.value.get('row');
  if (row === null) return null;
  const close = () => setSearch({ row: undefined });
  return <RowDrawer key={row} at={at} row={row} batch={batch} onClose={close} onChange={onChange} />;
}

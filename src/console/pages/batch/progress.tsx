/** How far a batch is. */
import type { BatchDetail } from '../../api/types.ts';
import { count, duration, percent, rate } from '../../format.ts';
import { t } from '../../language.ts';
import { Time } from '../../ui/marks.tsx';
import { countDone, OutcomeBar, OutcomeLegend } from '../../ui/outcome-bar.tsx';

export function Progress({ batch }: { batch: BatchDetail }) {
  const text = t().batch;
  const { total, etaSeconds, durationSeconds, perSecond, priority, notBefore } = batch;
  const isFinished = batch.state === 'finished';
  return (
    <section class="panel" aria-labelledby="progress">
      <header class="panel-head">
        <h2 id="progress">{text.progress}</h2>
        <span class="quiet number">
          {text.rows(count(total))}
          {total > 0 && ` · ${text.doneShare(percent(countDone(batch) / total))}`}
        </span>
      </header>
      <OutcomeBar batch={batch} isLarge />
      <OutcomeLegend batch={batch} />
      <dl class="facts">
        {!isFinished && etaSeconds !== undefined && <Fact name={text.eta} value={duration(etaSeconds)} />}
        {isFinished && durationSeconds !== undefined && (
          <Fact name={text.duration} value={duration(durationSeconds)} />
        )}
        {!isFinished && perSecond !== undefined && <Fact name={text.perSecond} value={rate(perSecond)} />}
        <Fact name={text.priority} value={count(priority)} />
        {notBefore !== undefined && (
          <div>
            <dt>{text.started}</dt>
            <dd>
              <b>
                <Time at={notBefore} />
              </b>
            </dd>
          </div>
        )}
        <Reviews batch={batch} />
      </dl>
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b class="number">{value}</b>
      </dd>
    </div>
  );
}

function Reviews({ batch: { reviews } }: { batch: BatchDetail }) {
  const words = t().words.reviewed;
  const known = (['awaited', 'approved', 'rejected'] as const).filter((each) => reviews[each] > 0);
  if (known.length === 0) return null;
  return (
    <div>
      <dt>{t().batch.review}</dt>
      <dd>
        <b class="number">
          {known.map((each) => `${count(reviews[each])} ${words[each]}`).join(t().shell.comma)}
        </b>
      </dd>
    </div>
  );
}

/** What keeps rows from moving, and what to do about it. */
import type { Hold } from '../api/types.ts';
import { count, duration, moment } from '../format.ts';
import { t } from '../language.ts';
import { holdHint } from './hint.ts';

const SERIOUS = ['noWorker', 'workersInTrouble', 'ledgerWentBack', 'ledgerEmpty', 'breaker', 'outage'];

export function Holds({ holds }: { holds: readonly Hold[] }) {
  if (holds.length === 0) return null;
  return (
    <ul class="holds">
      {holds.map((hold) => (
        <li key={hold.reason} class={SERIOUS.includes(hold.reason) ? 'box bad' : 'box warn'}>
          <div>
            <strong>{t().holds.what[hold.reason]}</strong> {describe(hold)}
            {hold.code && (
              <div>
                <code>{hold.code}</code> {hold.message}
              </div>
            )}
            <div class="quiet">
              <b>
                {t().holds.whatToDo}
                {t().shell.colon}
              </b>
              {holdHint(hold)}
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function describe(hold: Hold): string {
  const text = t().holds;
  const { since, until, lastAt, by, why, rows, seconds, workers } = hold;
  const parts = [
    by !== undefined && text.by(by),
    why !== undefined && text.refusals(why),
    lastAt !== undefined && text.lastAt(moment(lastAt)),
    since !== undefined && text.since(moment(since)),
    hold.reason === 'noWorker' && since === undefined && text.everRun,
    until !== undefined && text.until(moment(until)),
    rows !== undefined && text.rows(count(rows)),
    seconds !== undefined && t().shell.about(duration(seconds)),
    workers?.map(({ host, pid, state }) => `${state} (${host}:${pid})`).join(', '),
  ];
  return parts.filter((part) => typeof part === 'string' && part !== '').join(t().shell.comma);
}

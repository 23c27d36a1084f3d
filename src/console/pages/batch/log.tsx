/** What people did to a batch. */
import { get } from '../../api/client.ts';
import type { LogEntry } from '../../api/types.ts';
import { useLoad, useReloadOn } from '../../api/use-load.ts';
import { t } from '../../language.ts';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { Time } from '../../ui/marks.tsx';

/** @param stamp changes when there may be something new */
export function BatchLog({ at, stamp }: { at: string; stamp: string }) {
  const text = t().batch;
  const log = useLoad(`${at}/log`, (signal) => get<{ log: LogEntry[] }>(`${at}/log`, {}, signal));
  useReloadOn(stamp, log.reload);
  return (
    <section class="panel" aria-labelledby="log">
      <h2 id="log">{text.log}</h2>
      <WhenLoaded of={log}>
        {({ log: entries }) =>
          entries.length === 0 ? <p class="quiet">{text.logEmpty}</p> : <LogLines entries={entries} />
        }
      </WhenLoaded>
    </section>
  );
}

export function LogLines({ entries }: { entries: readonly LogEntry[] }) {
  return (
    <ol class="timeline">
      {entries.map((entry) => (
        <li key={`${entry.at} ${entry.action}`}>
          <Time at={entry.at} />
          <div>
            <b>{t().words.action[entry.action] ?? entry.action}</b> {entry.details}{' '}
            <span class="quiet">{entry.by}</span>
          </div>
        </li>
      ))}
    </ol>
  );
}

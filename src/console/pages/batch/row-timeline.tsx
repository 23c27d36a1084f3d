/** What happened to a row, oldest first: what became of it, and what people did to it. */
import type { RowStory } from '../../api/types.ts';
import { t } from '../../language.ts';
import { OutcomeTag, Time } from '../../ui/marks.tsx';

export function RowTimeline({ story }: { story: RowStory }) {
  const { events, log } = story;
  // The last of them is known even where the stream has forgotten it.
  const told = events.length > 0 ? events : [{ id: 'now', ...story }];
  const lines = [
    ...told.map((event) => ({ key: event.id, at: event.at, event, entry: undefined })),
    ...log.map((entry) => ({ key: `${entry.at} ${entry.action}`, at: entry.at, event: undefined, entry })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (lines.length === 0) return <p class="quiet">{t().batch.storyEmpty}</p>;
  return (
    <ol class="timeline">
      {lines.map(({ key, at, event, entry }) => (
        <li key={key}>
          <Time at={at} />
          {event && (
            <div>
              <OutcomeTag outcome={event.outcome} /> {event.code && <code>{event.code}</code>}
            </div>
          )}
          {entry && (
            <div>
              <b>{t().words.action[entry.action] ?? entry.action}</b> {entry.details}{' '}
              <span class="quiet">{entry.by}</span>
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

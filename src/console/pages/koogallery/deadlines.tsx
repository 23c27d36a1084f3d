/** When usage must be with the marketplace, and why it cannot be sent. */
import type { UsageSummary } from '../../api/koogallery-types.ts';
import { count, duration, moment } from '../../format.ts';
import { t } from '../../language.ts';
import { Time } from '../../ui/marks.tsx';
import { distance } from './marks.tsx';

export function Deadlines({ of }: { of: UsageSummary['deadlines'] }) {
  const text = t().koogallery;
  return (
    <ul>
      {of.map(({ deadline, at, records }) => {
        const { seconds, isAhead } = distance(at);
        const away = duration(seconds);
        return (
          <li key={`${deadline} ${at}`}>
            <Time at={at} />{' '}
            <span class={isAhead ? 'quiet' : 'bad'}>{isAhead ? text.isAhead(away) : text.isPast(away)}</span>
            {t().shell.colon}
            {text.deadline(t().koogalleryWords.deadline[deadline] ?? deadline, count(records))}
          </li>
        );
      })}
    </ul>
  );
}

export function Trouble({ of }: { of: UsageSummary | undefined }) {
  if (of?.trouble === undefined) return null;
  const { code, message, since } = of.trouble;
  const text = t().koogallery;
  return (
    <div class="box bad">
      <div>
        <strong>{text.cannotSend}</strong> {text.since(moment(since))}
        <div>
          <code>{code}</code> {message}
        </div>
      </div>
    </div>
  );
}

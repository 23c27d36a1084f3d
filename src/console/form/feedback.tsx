/** What the form says of what was typed, and of its sending. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { language } from '../chosen-language.ts';
import { problemText, t } from './text.ts';
import { FIELDS } from './types.ts';
import type { Problems, Sending } from './use-submission.ts';

export function Progress({ of, onClosed }: { of: Sending; onClosed(): void }) {
  const text = t();
  return (
    <div role="status">
      {of.is === 'sending' && <p class="quiet">{text.submitting(percentOf(of.share))}</p>}
      {of.is === 'again' && <p class="quiet">{text.tryingAgain}</p>}
      {of.is === 'failed' && <p class="box bad">{text.notSent}</p>}
      {of.is === 'closed' && (
        <p class="box warn">
          {text.closed}{' '}
          <button type="button" class="link" onClick={onClosed}>
            {text.again}
          </button>
        </p>
      )}
    </div>
  );
}

/** What is wrong, at the top and with links: it gets the focus, and so is read aloud. */
export function Summary({ problems }: { problems: Problems }) {
  const text = t();
  const box = useRef<HTMLDivElement>(null);
  const named = FIELDS.filter((field) => problems[field] !== undefined);
  const count = named.length + (problems[''] === undefined ? 0 : 1);
  const [shown, setShown] = useState(problems);
  // Corrected ones go from the list one by one; only news asks for attention.
  const isNews = Object.keys(problems).some((field) => !(field in shown));
  useEffect(() => {
    if (isNews) box.current?.focus();
    setShown(problems);
  }, [problems, isNews]);
  if (count === 0) return null;
  return (
    <div class="box bad summary" role="alert" tabIndex={-1} ref={box}>
      <p>{text.correct(count)}</p>
      <ul>
        {problems[''] !== undefined && <li>{problemText(problems[''])}</li>}
        {named.map((field) => (
          <li key={field}>
            <a
              href={`#${field}`}
              onClick={(event) => {
                // The address keeps its token.
                event.preventDefault();
                document.getElementById(field)?.focus();
              }}
            >
              {text.label[field]}
            </a>{' '}
            {problemText(problems[field] ?? '')}
          </li>
        ))}
      </ul>
    </div>
  );
}

const percentOf = (share: number) =>
  share.toLocaleString(language.value === 'zh' ? 'zh-CN' : 'en-GB', { style: 'percent' });

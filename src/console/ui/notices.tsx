/** Short news of what the user did: read aloud, and gone after a while, unless something went wrong. */
import { signal } from '@preact/signals';
import type { Problem } from '../api/client.ts';
import { t } from '../language.ts';
import { Details, detailsOf } from './details.tsx';
import { hintOf } from './hint.ts';
import { topLayer } from './layers.ts';

const GONE_AFTER_MS = 8_000;

interface Notice {
  id: number;
  text: string;
  hint?: string;
  details?: readonly string[];
  isBad: boolean;
}

const notices = signal<Notice[]>([]);
let last = 0;

export function tell(text: string): void {
  const id = add({ text, isBad: false });
  setTimeout(() => remove(id), GONE_AFTER_MS);
}

export function tellProblem(problem: Problem): void {
  const { message, code, hint } = problem;
  const text = message === '' ? t().shell.noAnswer : message;
  add({
    text: code === '' ? text : `${text} (${code})`,
    hint: hintOf(code, hint),
    details: detailsOf(problem),
    isBad: true,
  });
}

function add(notice: Omit<Notice, 'id'>): number {
  last += 1;
  notices.value = [...notices.value.slice(-3), { ...notice, id: last }];
  return last;
}

function remove(id: number): void {
  notices.value = notices.value.filter((each) => each.id !== id);
}

/** @param layer the dialog that they are in: what is outside of the topmost one is covered by it */
export function Notices({ layer }: { layer?: string }) {
  if (topLayer() !== layer) return null;
  return (
    <section class="notices" aria-live="polite" aria-label={t().shell.notices}>
      {notices.value.map(({ id, text, hint, details = [], isBad }) => (
        <div key={id} class={isBad ? 'notice bad' : 'notice'}>
          <div>
            {text}
            <Details of={details} />
            {hint && <div class="quiet">{hint}</div>}
          </div>
          <button type="button" class="plain icon" aria-label={t().shell.close} onClick={() => remove(id)}>
            ✕
          </button>
        </div>
      ))}
    </section>
  );
}

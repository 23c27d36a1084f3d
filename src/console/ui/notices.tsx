/** Short news of what the user did: read aloud, and gone after a while, unless something went wrong. */
import { signal } from '@preact/signals';
import type { Problem } from '../api/client.ts';
import { t } from '../language.ts';

const GONE_AFTER_MS = 8_000;

interface Notice {
  id: number;
  text: string;
  hint?: string;
  isBad: boolean;
}

const notices = signal<Notice[]>([]);
let last = 0;

export function tell(text: string): void {
  const id = add({ text, isBad: false });
  setTimeout(() => remove(id), GONE_AFTER_MS);
}

export function tellProblem({ message, code, hint }: Problem): void {
  const text = message === '' ? t().shell.noAnswer : message;
  add({ text: code === '' ? text : `${text} (${code})`, hint, isBad: true });
}

function add(notice: Omit<Notice, 'id'>): number {
  last += 1;
  notices.value = [...notices.value.slice(-3), { ...notice, id: last }];
  return last;
}

function remove(id: number): void {
  notices.value = notices.value.filter((each) => each.id !== id);
}

export function Notices() {
  return (
    <section class="notices" aria-live="polite" aria-label={t().shell.notices}>
      {notices.value.map(({ id, text, hint, isBad }) => (
        <div key={id} class={isBad ? 'notice bad' : 'notice'}>
          <div>
            {text}
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

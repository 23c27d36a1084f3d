/** Asks before something is done that cannot be taken back, or that others notice. */
import { signal } from '@preact/signals';
import { t } from '../language.ts';
import { Dialog } from './dialog.tsx';

export interface Question {
  title: string;
  body: string;
  /** What the button that does it says. */
  action: string;
  isDangerous?: boolean;
}

const asked = signal<(Question & { answer(yes: boolean): void }) | undefined>(undefined);

/** @returns whether the user wants it */
export function confirm(question: Question): Promise<boolean> {
  asked.peek()?.answer(false);
  return new Promise((resolve) => {
    const own = {
      ...question,
      answer(yes: boolean) {
        if (asked.peek() === own) asked.value = undefined;
        resolve(yes);
      },
    };
    asked.value = own;
  });
}

export function ConfirmDialog() {
  const question = asked.value;
  if (question === undefined) return null;
  const { title, body, action, isDangerous, answer } = question;
  return (
    <Dialog title={title} onClose={() => answer(false)}>
      <p>{body}</p>
      <div class="buttons end">
        <button type="button" onClick={() => answer(false)}>
          {t().shell.goBack}
        </button>
        <button type="button" class={isDangerous ? 'danger' : 'primary'} onClick={() => answer(true)}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}

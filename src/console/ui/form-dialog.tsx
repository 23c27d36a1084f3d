/** A dialog that does something: it closes when that is done, and stays with what went wrong in it if it is not. */
import type { ComponentChildren } from 'preact';
import { t } from '../language.ts';
import { Dialog } from './dialog.tsx';
import { useAction } from './use-action.ts';

export interface FormDialogProps {
  title: string;
  /** What the button that does it says. */
  action: string;
  isDangerous?: boolean;
  onClose(): void;
  /** @returns what is left to do when the dialog is closed */
  onSubmit(): Promise<() => void>;
  children: ComponentChildren;
}

export function FormDialog(props: FormDialogProps) {
  const { title, action, isDangerous = false, onClose, onSubmit, children } = props;
  const { isBusy, run } = useAction();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    run(async () => {
      const after = await onSubmit();
      onClose();
      after();
    });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={submit}>
        {children}
        <div class="buttons end">
          <button type="button" onClick={onClose}>
            {t().shell.goBack}
          </button>
          <button type="submit" class={isDangerous ? 'danger' : 'primary'} disabled={isBusy}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

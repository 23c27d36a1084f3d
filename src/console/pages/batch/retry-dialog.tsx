/** Asks when rows are tried again, and has them tried. */
import { useState } from 'preact/hooks';
import { send } from '../../api/client.ts';
import { t } from '../../language.ts';
import { Field } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { tell } from '../../ui/notices.tsx';
import { describeRetried, type Retried } from './retried.ts';

export interface RetryProps {
  /** Where the API has the batch. */
  at: string;
  title: string;
  body: string;
  /** What the button says. */
  action: string;
  /** Which rows, as `/retry` takes them. */
  order: { codes?: string[]; rows?: number[]; outcomes?: string[] };
  /** Newer data of this customer was sent since: it is asked whether the older is to be sent. */
  isSuperseded?: boolean;
  onClose(): void;
  onDone(): void;
}

export function RetryDialog(props: RetryProps) {
  const { at, title, body, action, order, isSuperseded = false, onClose, onDone } = props;
  const text = t().batch;
  const [time, setTime] = useState('');
  const [evenIfSuperseded, setEven] = useState(false);
  const retry = async () => {
    const when = time === '' ? {} : { at: new Date(time).toISOString() };
    const retried = await send<Retried>('POST', `${at}/retry`, {
      ...order,
      ...when,
      ...(evenIfSuperseded && { evenIfSuperseded }),
    });
    onDone();
    return () => tell(describeRetried(retried));
  };
  return (
    <FormDialog title={title} action={action} onClose={onClose} onSubmit={retry}>
      <p>{body}</p>
      <Field label={t().draft.at} hint={t().draft.atHint}>
        <input type="datetime-local" value={time} onInput={(event) => setTime(event.currentTarget.value)} />
      </Field>
      {isSuperseded && (
        <label class="check">
          <input
            type="checkbox"
            checked={evenIfSuperseded}
            onChange={(event) => setEven(event.currentTarget.checked)}
          />
          {text.evenIfSuperseded}
        </label>
      )}
    </FormDialog>
  );
}

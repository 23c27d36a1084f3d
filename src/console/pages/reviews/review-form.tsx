/** Records how a review ended: what, when, and who said so. */
import { useState } from 'preact/hooks';
import { send } from '../../api/client.ts';
import { t } from '../../language.ts';
import { Choice, Field } from '../../ui/field.tsx';
import { tell } from '../../ui/notices.tsx';
import { useAction } from '../../ui/use-action.ts';

export interface ReviewFormProps {
  /** What was reviewed. */
  of: { account?: string; batch?: string; row?: number; custSpaceId?: string };
  /** What it is called. */
  name: string;
  onDone(): void;
}

/** Where whoever looks is, written as an input of the browser has it: year, month, day. */
const today = () => new Date().toLocaleDateString('sv-SE');

export function ReviewForm({ of, name, onDone }: ReviewFormProps) {
  const text = t().customer;
  const words = t().words.review;
  const [as, setAs] = useState<'approved' | 'rejected'>('approved');
  const [date, setDate] = useState(today());
  const [evidence, setEvidence] = useState('');
  const { isBusy, run } = useAction();
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    run(async () => {
      await send('POST', '/v1/reviews', { ...of, as, date, evidence });
      tell(text.saved(name, words[as]));
      onDone();
    });
  };
  return (
    <form class="form" onSubmit={save}>
      <Choice
        label={text.as}
        value={as}
        options={[
          ['approved', words.approved],
          ['rejected', words.rejected],
        ]}
        onChoose={(chosen) => setAs(chosen as typeof as)}
      />
      <Field label={text.date}>
        <input type="date" required value={date} onInput={(event) => setDate(event.currentTarget.value)} />
      </Field>
      <Field label={text.evidence} hint={text.evidenceHint}>
        <input
          type="text"
          required
          maxLength={500}
          value={evidence}
          onInput={(event) => setEvidence(event.currentTarget.value)}
        />
      </Field>
      <div class="buttons end">
        <button type="submit" class="primary" disabled={isBusy}>
          {text.save}
        </button>
      </div>
    </form>
  );
}

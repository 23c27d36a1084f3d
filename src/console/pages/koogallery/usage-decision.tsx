/** Asks what a person has found out about a record of usage, and writes it down. */
import { useState } from 'preact/hooks';
import { part, send } from '../../api/client.ts';
import type { Usage } from '../../api/koogallery-types.ts';
import { t } from '../../language.ts';
import { Choice, Field } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { tell } from '../../ui/notices.tsx';

const REASON_MAX = 500;

export interface DecideProps {
  slug: string;
  of: Usage;
  onClose(): void;
  onDone(): void;
}

export function DecideDialog({ slug, of: { id, code, meaning, decisions }, onClose, onDone }: DecideProps) {
  const text = t().koogallery;
  const words = t().koogalleryWords.decision;
  const [as, setAs] = useState(decisions.at(-1) ?? '');
  const [reason, setReason] = useState('');
  const save = async () => {
    const path = `/v1/koogallery/usage/${part(id)}/`;
    const channel = `?channel=${encodeURIComponent(slug)}`;
    if (as === 'retry') await send('POST', `${path}retry${channel}`);
    else await send('POST', `${path}settle${channel}`, { as, ...(reason !== '' && { reason }) });
    onDone();
    return () => tell(text.decided(id, words[as] ?? as));
  };
  return (
    <FormDialog title={text.decideTitle(id)} action={text.save} onClose={onClose} onSubmit={save}>
      <p>{text.decideBody}</p>
      {code && (
        <p class="box">
          <code>{code}</code> {meaning}
        </p>
      )}
      <Choice
        label={text.decideAs}
        value={as}
        options={decisions.map((each) => [each, words[each] ?? each] as const)}
        onChoose={setAs}
      />
      {as !== 'retry' && (
        <Field label={text.why} hint={text.whyHint}>
          <input
            type="text"
            maxLength={REASON_MAX}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </Field>
      )}
    </FormDialog>
  );
}

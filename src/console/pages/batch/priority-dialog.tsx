/** Lets a batch go before others, or after them. */
import { useState } from 'preact/hooks';
import { part, send } from '../../api/client.ts';
import type { BatchDetail } from '../../api/types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { tell } from '../../ui/notices.tsx';
import { PriorityField } from '../../ui/priority-field.tsx';

export interface PriorityProps {
  batch: BatchDetail;
  onClose(): void;
  onDone(): void;
}

export function PriorityDialog({ batch: { id, priority }, onClose, onDone }: PriorityProps) {
  const text = t().batch;
  const [typed, setTyped] = useState(priority);
  const prioritize = async () => {
    await send('POST', `/v1/batches/${part(id)}/priority`, { priority: typed });
    onDone();
    return () => tell(text.prioritized(count(typed)));
  };
  return (
    <FormDialog title={text.priorityTitle} action={text.setPriority} onClose={onClose} onSubmit={prioritize}>
      <p>{text.priorityBody}</p>
      <PriorityField value={typed} onChange={setTyped} />
    </FormDialog>
  );
}

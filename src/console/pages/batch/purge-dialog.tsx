/** Deletes a finished batch, when somebody has read what goes and what stays. */
import { part, send } from '../../api/client.ts';
import type { BatchDetail } from '../../api/types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { go } from '../../router.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { tell } from '../../ui/notices.tsx';

export function PurgeDialog({ batch, onClose }: { batch: BatchDetail; onClose(): void }) {
  const text = t().batch;
  const { id, total } = batch;
  const name = batch.name || id;
  const purge = async () => {
    const { rows } = await send<{ rows: number }>('DELETE', `/v1/batches/${part(id)}`);
    return () => {
      go('/');
      tell(text.purged(name, count(rows)));
    };
  };
  return (
    <FormDialog
      title={text.purgeTitle(name)}
      action={text.purge}
      isDangerous
      onClose={onClose}
      onSubmit={purge}
    >
      <p>{text.purgeGoes}</p>
      <ul class="points">
        <li>{text.purgeRows(count(total))}</li>
        <li>{text.purgeStory}</li>
        <li>{text.purgeResults}</li>
      </ul>
      <p>{text.purgeStays}</p>
    </FormDialog>
  );
}

/** What may be done to a whole batch: only what its state allows is offered. */
import { useState } from 'preact/hooks';
import { part, send } from '../../api/client.ts';
import type { BatchDetail } from '../../api/types.ts';
import { t } from '../../language.ts';
import { confirm, type Question } from '../../ui/confirm.tsx';
import { tell } from '../../ui/notices.tsx';
import { useAction } from '../../ui/use-action.ts';
import { PriorityDialog } from './priority-dialog.tsx';
import { PurgeDialog } from './purge-dialog.tsx';

export interface BatchActionsProps {
  batch: BatchDetail;
  onChange(): void;
}

export function BatchActions({ batch, onChange }: BatchActionsProps) {
  const { state, parked } = batch;
  if (state === 'cancelling') return null;
  if (state !== 'finished') return <WhileOpen batch={batch} onChange={onChange} />;
  // A person decides about parked rows first.
  return parked > 0 ? null : <Purge batch={batch} />;
}

function WhileOpen({ batch, onChange }: BatchActionsProps) {
  const text = t().batch;
  const { id, state } = batch;
  const { isBusy, run } = useAction();
  const [isAsking, setAsking] = useState(false);
  const perform = (verb: string, done: string, question?: Question) =>
    run(async () => {
      if (question !== undefined && !(await confirm(question))) return;
      await send('POST', `/v1/batches/${part(id)}/${verb}`);
      tell(done);
      onChange();
    });
  const pauseQuestion = { title: text.pauseTitle, body: text.pauseBody, action: text.pause };
  const cancelQuestion = {
    ...{ title: text.cancelTitle, body: text.cancelBody, action: text.cancel },
    isDangerous: true,
  };
  const isPaused = state === 'paused';
  const pause = () =>
    isPaused ? perform('resume', text.resumed) : perform('pause', text.paused, pauseQuestion);
  const cancel = () => perform('cancel', text.cancelled, cancelQuestion);
  return (
    <div class="buttons">
      {state !== 'enqueuing' && (
        <button type="button" onClick={() => setAsking(true)}>
          {text.priority}
        </button>
      )}
      <button type="button" class={isPaused ? 'primary' : ''} disabled={isBusy} onClick={pause}>
        {isPaused ? text.resume : text.pause}
      </button>
      <button type="button" class="danger" disabled={isBusy} onClick={cancel}>
        {text.cancel}
      </button>
      {isAsking && <PriorityDialog batch={batch} onClose={() => setAsking(false)} onDone={onChange} />}
    </div>
  );
}

function Purge({ batch }: { batch: BatchDetail }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <div class="buttons">
      <button type="button" class="danger" onClick={() => setAsking(true)}>
        {t().batch.purge}
      </button>
      {isAsking && <PurgeDialog batch={batch} onClose={() => setAsking(false)} />}
    </div>
  );
}

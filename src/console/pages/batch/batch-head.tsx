/** What a batch is, who began it, and what may be done to it. */
import { part, send } from '../../api/client.ts';
import type { BatchDetail } from '../../api/types.ts';
import { t } from '../../language.ts';
import { mayAct } from '../../session.ts';
import { confirm, type Question } from '../../ui/confirm.tsx';
import { StateTag, Time } from '../../ui/marks.tsx';
import { tell } from '../../ui/notices.tsx';
import { useAction } from '../../ui/use-action.ts';

interface HeadProps {
  batch: BatchDetail;
  onChange(): void;
}

export function BatchHead({ batch, onChange }: HeadProps) {
  const { id, name, state, by, created, account, source } = batch;
  return (
    <div class="page-head">
      <div>
        <h1>
          {name || id} <StateTag state={state} />
        </h1>
        <p class="quiet">
          {account} · {source} · {by} · <Time at={created} /> · <code>{id}</code>
        </p>
      </div>
      {mayAct() && <Actions batch={batch} onChange={onChange} />}
    </div>
  );
}

function Actions({ batch: { id, state }, onChange }: HeadProps) {
  const text = t().batch;
  const { isBusy, run } = useAction();
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
  if (state === 'finished' || state === 'cancelling') return null;
  return (
    <div class="buttons">
      {state === 'paused' ? (
        <button
          type="button"
          class="primary"
          disabled={isBusy}
          onClick={() => perform('resume', text.resumed)}
        >
          {text.resume}
        </button>
      ) : (
        <button type="button" disabled={isBusy} onClick={() => perform('pause', text.paused, pauseQuestion)}>
          {text.pause}
        </button>
      )}
      <button
        type="button"
        class="danger"
        disabled={isBusy}
        onClick={() => perform('cancel', text.cancelled, cancelQuestion)}
      >
        {text.cancel}
      </button>
    </div>
  );
}

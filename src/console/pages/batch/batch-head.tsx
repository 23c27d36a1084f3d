/** What a batch is, and who began it. */
import type { BatchDetail } from '../../api/types.ts';
import { mayAct } from '../../session.ts';
import { StateTag, Time } from '../../ui/marks.tsx';
import { BatchActions, type BatchActionsProps } from './batch-actions.tsx';

export function BatchHead({ batch, onChange }: BatchActionsProps) {
  const { id, name, state, by, created, account, source }: BatchDetail = batch;
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
      {mayAct() && <BatchActions batch={batch} onChange={onChange} />}
    </div>
  );
}

/** The button that registers a draft, and how: its name, when, and how urgently. */
import { useState } from 'preact/hooks';
import { part, send } from '../../api/client.ts';
import { count, duration } from '../../format.ts';
import { t } from '../../language.ts';
import { go } from '../../router.ts';
import { Field } from '../../ui/field.tsx';
import { toBatch } from '../../ui/link.tsx';
import { tell } from '../../ui/notices.tsx';
import { PriorityField } from '../../ui/priority-field.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { PartProps } from './reading.tsx';

const PRIORITY = 100;

export function Register({ draft, open }: PartProps) {
  const text = t().draft;
  const { rows, etaSeconds, id, peer } = draft;
  const { account } = draft.options;
  const isReady = rows.bad === 0 && rows.good > 0;
  // A correction that is under way belongs into the batch.
  const isChecking = open.isBusy || open.isLoading;
  const [name, setName] = useState(draft.options.name ?? draft.name);
  const [at, setAt] = useState('');
  const [priority, setPriority] = useState(PRIORITY);
  const { isBusy, run } = useAction();
  const register = (event: SubmitEvent) => {
    event.preventDefault();
    run(async () => {
      const order = { name, priority, ...(at !== '' && { at: new Date(at).toISOString() }) };
      // The server answers a draft that was registered before with its batch; a key of each click would hide that.
      const batch = await send<{ id: string }>('POST', `/v1/drafts/${part(id)}/import`, order, {
        key: undefined,
      });
      tell(text.begun);
      go(toBatch(batch.id));
    });
  };
  return (
    <section class="panel" aria-labelledby="register">
      <h2 id="register">{text.register}</h2>
      <form class="form" onSubmit={register}>
        <Field label={text.name}>
          <input type="text" value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </Field>
        <Field label={text.at} hint={text.atHint}>
          <input type="datetime-local" value={at} onInput={(event) => setAt(event.currentTarget.value)} />
        </Field>
        <PriorityField value={priority} onChange={setPriority} />
        {rows.bad > 0 && (
          <div class="box warn">
            <span class="grow">{text.badStay(count(rows.bad))}</span>
            <button type="button" disabled={open.isBusy} onClick={open.leaveAllOut}>
              {text.leaveAllOut}
            </button>
          </div>
        )}
        {rows.bad === 0 && rows.good === 0 && <p class="warn">{text.nothing}</p>}
        {peer === 'rehearsal' && <p class="box">{text.rehearsal}</p>}
        <button type="submit" class="primary large" disabled={isBusy || isChecking || !isReady}>
          {text.registerNow(count(rows.good))}{' '}
          {account !== undefined && <small>{text.forAccount(account)}</small>}{' '}
          {etaSeconds !== undefined && <small>{text.time(duration(etaSeconds))}</small>}
        </button>
      </form>
    </section>
  );
}

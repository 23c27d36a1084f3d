/** An import before it is sent: how it was read, what is wrong with it, and the button that registers it. */
import { useEffect, useRef } from 'preact/hooks';
import { part, send } from '../../api/client.ts';
import type { Draft } from '../../api/draft-types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { go } from '../../router.ts';
import { confirm } from '../../ui/confirm.tsx';
import { hintOf } from '../../ui/hint.ts';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { Time } from '../../ui/marks.tsx';
import { tell } from '../../ui/notices.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useTitle } from '../../ui/use-title.ts';
import { Agreements } from './agreements.tsx';
import { Corrections } from './corrections.tsx';
import { type PartProps, Reading } from './reading.tsx';
import { Register } from './register.tsx';
import { Registered } from './registered.tsx';
import { recallColumns } from './remembered-columns.ts';
import { type OpenDraft, useDraft } from './use-draft.ts';

export function DraftPage({ id }: { id: string }) {
  const text = t().draft;
  const open = useDraft(id);
  useTitle(open.data?.name ?? text.title);
  useRemembered(open);
  if (open.problem?.status === 404)
    return (
      <>
        <h1>{text.title}</h1>
        <p class="empty">{text.gone}</p>
      </>
    );
  return (
    <WhenLoaded of={open}>
      {(draft) => (
        <>
          <Head draft={draft} />
          {draft.batch === undefined ? (
            <Editing draft={draft} open={open} />
          ) : (
            <p class="intro">{text.isRegistered}</p>
          )}
        </>
      )}
    </WhenLoaded>
  );
}

/** What was registered changes no more, and its rows are those of the batch. */
function Editing({ draft, open }: PartProps) {
  return (
    <>
      <Counts draft={draft} isBusy={open.isBusy} />
      {draft.problem && <Unreadable problem={draft.problem} />}
      <Reading draft={draft} open={open} />
      {draft.problem === undefined && <Corrections draft={draft} open={open} />}
      <div class="columns">
        <Register draft={draft} open={open} />
        <Agreements draft={draft} open={open} />
      </div>
    </>
  );
}

/** Matches the columns as they were matched before, once, if nobody has matched them here. */
function useRemembered({ data, patch }: OpenDraft): void {
  const wasTried = useRef(false);
  useEffect(() => {
    if (data === undefined || wasTried.current) return;
    wasTried.current = true;
    if (data.batch !== undefined) return;
    const map = recallColumns(data);
    if (map === undefined) return;
    patch({ options: { map } }).then((isDone) => isDone && tell(t().draft.remembered));
  }, [data, patch]);
}

function Head({ draft: { id, name, expires, options, batch, isPurged } }: { draft: Draft }) {
  const text = t().draft;
  const { isBusy, run } = useAction();
  const discard = () =>
    run(async () => {
      const question = { title: text.discardTitle, body: text.discardBody, action: text.discard };
      if (!(await confirm({ ...question, isDangerous: true }))) return;
      await send('DELETE', `/v1/drafts/${part(id)}`);
      go('/import');
    });
  return (
    <div class="page-head">
      <div>
        <h1>{name}</h1>
        <p class="quiet">
          {text.title} · {options.account && `${text.account} ${options.account} · `}
          {text.expires} <Time at={expires} />
        </p>
        {batch !== undefined && <Registered batch={batch} isPurged={isPurged} />}
      </div>
      <button type="button" disabled={isBusy} onClick={discard}>
        {text.discard}
      </button>
    </div>
  );
}

function Unreadable({ problem: { code, message, hint } }: { problem: NonNullable<Draft['problem']> }) {
  return (
    <div class="box bad" role="alert">
      <div>
        <strong>{message}</strong> <code>{code}</code>
        <div class="quiet">{hintOf(code, hint)}</div>
      </div>
    </div>
  );
}

function Counts({ draft: { rows }, isBusy }: { draft: Draft; isBusy: boolean }) {
  const text = t().draft;
  const shown = [
    ['good', rows.good],
    ['bad', rows.bad],
    ['leftOut', rows.leftOut],
  ] as const;
  return (
    <div class="tiles" role="status" aria-busy={isBusy}>
      {shown.map(([name, number]) => (
        <div key={name} class={`tile ${name} ${number === 0 ? 'zero' : ''}`}>
          <b class="number">{count(number)}</b> {text[name]}
        </div>
      ))}
      <span class="quiet">{isBusy && text.busy}</span>
    </div>
  );
}

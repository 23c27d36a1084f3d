/** One's drafts: imports that were begun and not registered. */
import { get, part, send } from '../../api/client.ts';
import type { DraftHead } from '../../api/draft-types.ts';
import { useLoad } from '../../api/use-load.ts';
import { t } from '../../language.ts';
import { confirm } from '../../ui/confirm.tsx';
import { Link } from '../../ui/link.tsx';
import { Time } from '../../ui/marks.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Registered } from './registered.tsx';

export function DraftList() {
  const text = t().draft;
  const drafts = useLoad('drafts', (signal) => get<{ drafts: DraftHead[] }>('/v1/drafts', {}, signal));
  const listed = drafts.data?.drafts ?? [];
  if (listed.length === 0) return null;
  return (
    <section aria-labelledby="drafts">
      <h2 id="drafts">{text.drafts}</h2>
      <ul class="files">
        {listed.map((draft) => (
          <Line key={draft.id} draft={draft} onChange={drafts.reload} />
        ))}
      </ul>
    </section>
  );
}

function Line({
  draft: { id, name, created, batch, isPurged },
  onChange,
}: {
  draft: DraftHead;
  onChange(): void;
}) {
  const text = t().draft;
  const { isBusy, run } = useAction();
  const discard = () =>
    run(async () => {
      const question = { title: text.discardTitle, body: text.discardBody, action: text.discard };
      if (!(await confirm({ ...question, isDangerous: true }))) return;
      await send('DELETE', `/v1/drafts/${part(id)}`);
      onChange();
    });
  return (
    <li>
      <Link to={`/import/${encodeURIComponent(id)}`} class="grow clip">
        {name}
      </Link>
      {batch !== undefined && <Registered batch={batch} isPurged={isPurged} />}
      <span class="quiet">
        <Time at={created} />
      </span>
      <button type="button" class="plain" disabled={isBusy} onClick={discard}>
        {text.discard}
      </button>
    </li>
  );
}

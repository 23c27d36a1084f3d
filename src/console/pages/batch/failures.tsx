/** What failed, by code, with what to do about it and one button to try it again. */
import { send } from '../../api/client.ts';
import type { BatchDetail, CodeGroup } from '../../api/types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { setSearch } from '../../router.ts';
import { mayAct } from '../../session.ts';
import { confirm } from '../../ui/confirm.tsx';
import { tell } from '../../ui/notices.tsx';
import { useAction } from '../../ui/use-action.ts';
import { describeRetried, type Retried } from './retried.ts';

interface FailuresProps {
  batch: BatchDetail;
  /** Where the API has the batch. */
  at: string;
  onChange(): void;
}

export function Failures({ batch, at, onChange }: FailuresProps) {
  const text = t().batch;
  const { codes, parked } = batch;
  return (
    <section class="panel" aria-labelledby="failures">
      <h2 id="failures">{text.failures}</h2>
      {codes.length === 0 && parked === 0 && <p class="quiet">{text.noFailures}</p>}
      {parked > 0 && (
        <div class="box warn">
          <div class="grow">
            <strong>{text.parkedTitle(count(parked))}</strong>
            <div class="quiet">{text.parkedText}</div>
          </div>
          {batch.parkedRows.map((row) => (
            <button
              key={row}
              type="button"
              class="link"
              aria-label={text.openRow(count(row))}
              onClick={() => setSearch({ row: String(row) })}
            >
              {row}
            </button>
          ))}
        </div>
      )}
      <ul class="failures">
        {codes.map((group) => (
          <Group key={group.code} group={group} at={at} onChange={onChange} />
        ))}
      </ul>
    </section>
  );
}

function Group({ group, at, onChange }: { group: CodeGroup; at: string; onChange(): void }) {
  const text = t().batch;
  const { code, rows, hint, message } = group;
  const { isBusy, run } = useAction();
  const retry = () =>
    run(async () => {
      const title = text.tryAgainTitle(count(rows), code);
      if (!(await confirm({ title, body: text.tryAgainBody, action: text.tryAgain }))) return;
      tell(describeRetried(await send<Retried>('POST', `${at}/retry`, { codes: [code] })));
      onChange();
    });
  return (
    <li>
      <div class="failure-head">
        <b class="number bad">{count(rows)}</b> <code>{code}</code>
      </div>
      {message && <p>{message}</p>}
      <p class="quiet">{hint}</p>
      <div class="buttons">
        {mayAct() && (
          <button type="button" disabled={isBusy} onClick={retry}>
            {text.tryAgain}
          </button>
        )}
        <ShowRows code={code} />
      </div>
    </li>
  );
}

function ShowRows({ code }: { code: string }) {
  const show = () => {
    setSearch({ outcome: undefined, q: undefined, review: undefined, code });
    document.querySelector('#rows')?.scrollIntoView({ behavior: 'smooth' });
  };
  return (
    <button type="button" class="plain" onClick={show}>
      {t().batch.showRows}
    </button>
  );
}

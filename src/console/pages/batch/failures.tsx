/** What failed, by code, with what to do about it and one button to try it again. */
import { useState } from 'preact/hooks';
import type { BatchDetail, CodeGroup } from '../../api/types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { setSearch } from '../../router.ts';
import { mayAct } from '../../session.ts';
import { hintOf } from '../../ui/hint.ts';
import { RetryDialog } from './retry-dialog.tsx';

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
  const [isAsking, setAsking] = useState(false);
  return (
    <li>
      <div class="failure-head">
        <b class="number bad">{count(rows)}</b> <code>{code}</code>
      </div>
      {message && <p>{message}</p>}
      <p class="quiet">{hintOf(code, hint)}</p>
      <div class="buttons">
        {mayAct() && (
          <button type="button" onClick={() => setAsking(true)}>
            {text.tryAgain}
          </button>
        )}
        <ShowRows code={code} />
      </div>
      {isAsking && (
        <RetryDialog
          at={at}
          title={text.tryAgainTitle(count(rows), code)}
          body={text.tryAgainBody}
          action={text.tryAgain}
          order={{ codes: [code] }}
          onClose={() => setAsking(false)}
          onDone={onChange}
        />
      )}
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

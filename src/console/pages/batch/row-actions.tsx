/** What may be done about one row: a parked one is settled, one that failed is tried again. */
import { useState } from 'preact/hooks';
import { send } from '../../api/client.ts';
import type { RowStory } from '../../api/types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { confirm } from '../../ui/confirm.tsx';
import { tell } from '../../ui/notices.tsx';
import { useAction } from '../../ui/use-action.ts';
import { RetryDialog } from './retry-dialog.tsx';

interface ActionsProps {
  /** Where the API has the batch. */
  at: string;
  story: RowStory;
  onChange(): void;
}

export function RowActions({ at, story, onChange }: ActionsProps) {
  if (story.parked) return <Settle at={at} story={story} onChange={onChange} />;
  const isOver = story.outcome === 'failed' || story.outcome === 'cancelled';
  return isOver ? <Retry at={at} story={story} onChange={onChange} /> : null;
}

function Settle({ at, story: { row }, onChange }: ActionsProps) {
  const text = t().batch;
  const { isBusy, run } = useAction();
  const settle = (as: 'submitted' | 'failed', action: string) =>
    run(async () => {
      if (!(await confirm({ title: text.settleTitle[as], body: text.settleBody, action }))) return;
      await send('POST', `${at}/rows/${row}/settle`, { as });
      tell(text.settled);
      onChange();
    });
  return (
    <div class="box warn">
      <div>
        <p>{text.settleText}</p>
        <div class="buttons">
          <button type="button" disabled={isBusy} onClick={() => settle('submitted', text.settleSubmitted)}>
            {text.settleSubmitted}
          </button>
          <button type="button" disabled={isBusy} onClick={() => settle('failed', text.settleFailed)}>
            {text.settleFailed}
          </button>
        </div>
      </div>
    </div>
  );
}

function Retry({ at, story: { row, outcome, superseded = false }, onChange }: ActionsProps) {
  const text = t().batch;
  const [isAsking, setAsking] = useState(false);
  return (
    <div class="buttons">
      <button type="button" onClick={() => setAsking(true)}>
        {text.retryRow}
      </button>
      {isAsking && (
        <RetryDialog
          at={at}
          title={text.retryRowTitle(count(row))}
          body={text.retryRowBody}
          action={text.retryRow}
          // Without its outcome, only rows that failed are meant.
          order={{ rows: [row], outcomes: [outcome] }}
          isSuperseded={superseded}
          onClose={() => setAsking(false)}
          onDone={onChange}
        />
      )}
    </div>
  );
}

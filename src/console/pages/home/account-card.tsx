/** One account: whether it runs, how fast, what waits, and what to do if it does not. */
import { part, send } from '../../api/client.ts';
import type { Account } from '../../api/types.ts';
import { count, duration, rate } from '../../format.ts';
import { t } from '../../language.ts';
import { mayAct } from '../../session.ts';
import { confirm } from '../../ui/confirm.tsx';
import { Holds } from '../../ui/holds.tsx';
import { Link } from '../../ui/link.tsx';
import { tell } from '../../ui/notices.tsx';
import { useAction } from '../../ui/use-action.ts';

interface CardProps {
  account: Account;
  onChange(account: Account): void;
}

export function AccountCard({ account, onChange }: CardProps) {
  return (
    <article class="card" aria-label={account.name}>
      <header class="card-head">
        <h3>{account.name}</h3>
        {account.peer === 'rehearsal' && <span class="tag kind-rehearsal">{t().home.rehearsal}</span>}
        <Standing account={account} />
        <span class="grow" />
        {mayAct() && <PauseButtons account={account} onChange={onChange} />}
      </header>
      <Holds holds={account.heldBy} />
      <Facts account={account} />
    </article>
  );
}

function Standing({ account: { heldBy, rowsLeft } }: { account: Account }) {
  const text = t().home;
  if (heldBy.length > 0) return <span class="tag state-paused">{text.held}</span>;
  return rowsLeft > 0 ? (
    <span class="tag state-running">{text.running}</span>
  ) : (
    <span class="tag state-finished">{text.idle}</span>
  );
}

function Facts({ account }: { account: Account }) {
  const text = t().home;
  const { rowsLeft, etaSeconds, reviews, rowsWithoutJob, name } = account;
  return (
    <dl class="facts">
      <Workers account={account} />
      <Pace account={account} />
      <div>
        <dt>{text.rowsLeft}</dt>
        <dd>
          <b class="number">{rowsLeft === 0 ? text.none : count(rowsLeft)}</b>
          {etaSeconds !== undefined && rowsLeft > 0 && <small>{text.doneIn(duration(etaSeconds))}</small>}
          {rowsWithoutJob > 0 && <small>{text.withoutJob(count(rowsWithoutJob))}</small>}
        </dd>
      </div>
      <div>
        <dt>{text.reviews}</dt>
        <dd>
          <b class="number">
            {reviews.awaited === 0 ? (
              text.none
            ) : (
              <Link to={`/reviews?account=${encodeURIComponent(name)}`}>{count(reviews.awaited)}</Link>
            )}
          </b>
          {reviews.overdue > 0 && <small class="warn">{text.overdue(count(reviews.overdue))}</small>}
        </dd>
      </div>
    </dl>
  );
}

function Workers({ account: { workers } }: { account: Account }) {
  const text = t().home;
  const working = workers.filter(({ state }) => state === 'working').length;
  const each = workers.map(({ host, pid, state }) => `${host}:${pid} ${state}`).join('\n');
  return (
    <div>
      <dt>{text.workersLabel}</dt>
      <dd title={each}>
        {workers.length === 0 ? (
          <b class="warn">{text.noWorkers}</b>
        ) : (
          <b>{text.workers(count(workers.length), count(working))}</b>
        )}
      </dd>
    </div>
  );
}

function Pace({ account: { pace } }: { account: Account }) {
  const text = t().home;
  const submit = pace.find(({ step }) => step === 'submit');
  return (
    <div>
      <dt>{text.pace}</dt>
      <dd>
        <b class="number">
          {submit?.perSecond === undefined ? text.notYet : text.perSecond(rate(submit.perSecond))}
        </b>
        {submit !== undefined && submit.throttled > 0 && (
          <small>{text.throttled(count(submit.throttled))}</small>
        )}
      </dd>
    </div>
  );
}

/** One that Alibaba Cloud refuses is resumed, too: that tries it again at once. */
function PauseButtons({ account: { name, isPaused, heldBy }, onChange }: CardProps) {
  const text = t().home;
  const { isBusy, run } = useAction();
  const perform = async (verb: 'pause' | 'resume', done: string) => {
    const { account } = await send<{ account: Account }>('POST', `/v1/accounts/${part(name)}/${verb}`);
    onChange(account);
    tell(done);
  };
  const resume = () => run(() => perform('resume', text.resumed(name)));
  const pause = () =>
    run(async () => {
      const question = { title: text.pauseTitle(name), body: text.pauseBody, action: text.pause };
      if (await confirm(question)) await perform('pause', text.paused(name));
    });
  return (
    <div class="buttons">
      {(isPaused || heldBy.some(({ reason }) => reason === 'breaker')) && (
        <button type="button" class="primary" disabled={isBusy} onClick={resume}>
          {text.resume}
        </button>
      )}
      {!isPaused && (
        <button type="button" disabled={isBusy} onClick={pause}>
          {text.pause}
        </button>
      )}
    </div>
  );
}

/** One instance: what it is, all that was asked for it and what became of that, and the calls that asked. */
import { get, part, send } from '../../api/client.ts';
import type { InstanceStory, Retried, Task } from '../../api/koogallery-types.ts';
import { useLoad } from '../../api/use-load.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { mayAct } from '../../session.ts';
import { Link, toRow } from '../../ui/link.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { Time } from '../../ui/marks.tsx';
import { tell } from '../../ui/notices.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useTitle } from '../../ui/use-title.ts';
import { CallList } from './calls.tsx';
import { Pairs, StateWord, toChannel } from './marks.tsx';
import { useLooking } from './use-paged.ts';

export function InstancePage({ slug, id }: { slug: string; id: string }) {
  const text = t().koogallery;
  useTitle(`${id} · ${slug}`);
  const path = `/v1/koogallery/instances/${part(id)}`;
  const story = useLoad(`${slug} ${id}`, (signal) => get<InstanceStory>(path, { channel: slug }, signal));
  useLooking(story.reload);
  return (
    <>
      <p class="back">
        <Link to="/marketplace">{text.title}</Link> / <Link to={toChannel(slug, 'instances')}>{slug}</Link>
      </p>
      <h1>{id}</h1>
      <WhenLoaded of={story}>
        {(loaded) => (
          <>
            <Standing of={loaded} path={path} onChange={story.reload} />
            <section class="panel" aria-labelledby="tasks">
              <h2 id="tasks">{text.history}</h2>
              <Tasks of={loaded.tasks} />
            </section>
            <section aria-labelledby="calls">
              <h2 id="calls">{text.callsAbout}</h2>
              <CallList query={{ channel: slug, instance: id }} hasInstance />
            </section>
          </>
        )}
      </WhenLoaded>
    </>
  );
}

interface StandingProps {
  of: InstanceStory;
  path: string;
  onChange(): void;
}

function Standing({ of, path, onChange }: StandingProps) {
  const text = t().koogallery;
  const { kind, state, refusal, tasks } = of;
  const mayRetry = tasks.some((task) => task.state === 'refused' || task.nextAt !== undefined);
  return (
    <section class="panel">
      <p class="story-head">
        <StateWord kind="instance" state={state} /> {kind === 'order' && text.unknownKind}
      </p>
      {refusal !== undefined && (
        <div class="box bad">
          <div>
            <strong>{text.refusal}</strong>
            {t().shell.colon}
            {refusal}
          </div>
        </div>
      )}
      <Missing of={of} />
      <Facts of={of} />
      {mayRetry && mayAct() && <Retry path={path} slug={of.channel} onDone={onChange} />}
    </section>
  );
}

/** What its buyer has to tell before it can be created. */
function Missing({ of: { missing = [], problems = [] } }: { of: InstanceStory }) {
  if (missing.length + problems.length === 0) return null;
  const nameOf = (field: string) => t().words.column[field] ?? field;
  const { colon, comma } = t().shell;
  return (
    <div class="box warn">
      <div>
        <strong>{t().koogallery.missing}</strong>
        {missing.length > 0 && `${colon}${missing.map(nameOf).join(comma)}`}
        {problems.map(({ field, code }) => (
          <div key={`${field} ${code}`}>
            {field !== undefined && `${nameOf(field)}${colon}`}
            <code>{code}</code>
          </div>
        ))}
      </div>
    </div>
  );
}

function Facts({ of }: { of: InstanceStory }) {
  const text = t().koogallery;
  const { createdAt, readyAt, expireAt, orderId, orderLineId, productId, skuCode, buyer, customer } = of;
  return (
    <Pairs
      of={[
        [text.order, orderId && <code>{orderId}</code>],
        [text.orderLine, orderLineId && <code>{orderLineId}</code>],
        [text.product, productId && <code>{productId}</code>],
        [text.sku, skuCode && <code>{skuCode}</code>],
        [text.buyer, buyer && Object.values(buyer).join(', ')],
        [
          text.customer,
          customer && (
            <Link to={toRow(customer.batch, customer.row)}>
              {customer.batch}, {text.customerRow(count(customer.row))}
            </Link>
          ),
        ],
        [text.created, <Time key="created" at={createdAt} />],
        [text.ready, readyAt && <Time at={readyAt} />],
        [text.expires, expireAt && <Time at={expireAt} />],
      ]}
    />
  );
}

function Retry({ path, slug, onDone }: { path: string; slug: string; onDone(): void }) {
  const text = t().koogallery;
  const { isBusy, run } = useAction();
  const retry = () =>
    run(async () => {
      const done = await send<Retried>('POST', `${path}/retry?channel=${encodeURIComponent(slug)}`);
      const words = [text.retried(count(done.retried.length), count(done.hastened.length))];
      if (done.superseded.length > 0) words.push(text.superseded(count(done.superseded.length)));
      tell(words.join(' '));
      onDone();
    });
  return (
    <div class="buttons">
      <button type="button" class="primary" disabled={isBusy} onClick={retry}>
        {text.retry}
      </button>
      <small>{text.retryHint}</small>
    </div>
  );
}

/** The newest first. */
function Tasks({ of }: { of: readonly Task[] }) {
  const text = t().koogallery;
  return (
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">{text.task}</th>
          <th scope="col">{text.state}</th>
          <th scope="col">{text.asked}</th>
          <th scope="col" class="end">
            {text.attempts}
          </th>
          <th scope="col">{text.lastTried}</th>
          <th scope="col">{text.nextTry}</th>
          <th scope="col">{text.over}</th>
          <th scope="col">{text.reason}</th>
        </tr>
      </thead>
      <tbody>
        {[...of].reverse().map((task) => (
          <TaskLine key={task.version} of={task} />
        ))}
      </tbody>
    </table>
  );
}

function TaskLine({ of }: { of: Task }) {
  const text = t().koogallery;
  const { version, type, state, at, attempts, triedAt, nextAt, endedAt, reason, retriedBy } = of;
  const time = (iso: string | undefined) => (iso === undefined ? '–' : <Time at={iso} />);
  return (
    <tr>
      <th scope="row">
        {count(version)}. {t().koogalleryWords.task[type] ?? type}
      </th>
      <td data-label={text.state}>
        <StateWord kind="taskState" state={state} />
      </td>
      <td data-label={text.asked}>{time(at)}</td>
      <td data-label={text.attempts} class="end number">
        {count(attempts)}
      </td>
      <td data-label={text.lastTried}>{time(triedAt)}</td>
      <td data-label={text.nextTry}>{time(nextAt)}</td>
      <td data-label={text.over}>{time(endedAt)}</td>
      <td data-label={text.reason} class="wide">
        {reason ?? '–'}
        {retriedBy !== undefined && <small>{text.broughtBack(retriedBy)}</small>}
      </td>
    </tr>
  );
}

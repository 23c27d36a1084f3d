/** What happened to one customer, the newest first. */
import type { CustomerStory } from '../../api/types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { hintOf } from '../../ui/hint.ts';
import { Link, toCustomer, toRow } from '../../ui/link.tsx';
import { OutcomeTag, ReviewTag, Time } from '../../ui/marks.tsx';
import { Observed } from '../../ui/observation.tsx';
import { LogLines } from '../batch/log.tsx';

export function CustomerHistory({ story }: { story: CustomerStory }) {
  const text = t().customer;
  const { custSpaceId, history, left } = story;
  return (
    <>
      <section class="panel" aria-labelledby="customer">
        <h2 id="customer">
          <code>{custSpaceId}</code> <ReviewTag review={story.review} />
        </h2>
        <Submitted story={story} />
        <Observed observation={story.observation} />
        {story.alsoIn && (
          <p>
            {text.alsoIn}{' '}
            {story.alsoIn.map((account) => (
              <Link key={account} to={toCustomer(custSpaceId, account)}>
                {account}
              </Link>
            ))}
          </p>
        )}
      </section>
      <section class="panel" aria-labelledby="history">
        <h2 id="history">{text.history}</h2>
        <ol class="history">
          {[...history].reverse().map((event) => (
            <Event key={`${event.batch} ${event.row}`} event={event} />
          ))}
        </ol>
        {left > 0 && <p class="quiet">{text.left(count(left))}</p>}
      </section>
    </>
  );
}

function Submitted({ story: { submitted, review, parked } }: { story: CustomerStory }) {
  const text = t().customer;
  return (
    <>
      {parked.length > 0 && <p class="box warn">{text.parked}</p>}
      {submitted === undefined ? (
        <p class="quiet">{text.never}</p>
      ) : (
        <dl class="pairs">
          <div>
            <dt>{text.counts}</dt>
            <dd>
              <Time at={submitted.at} /> ·{' '}
              <Link to={toRow(submitted.batch, submitted.row)}>{text.row(count(submitted.row))}</Link>
            </dd>
          </div>
          {submitted.requestId && (
            <div>
              <dt>{text.requestId}</dt>
              <dd>
                <code>{submitted.requestId}</code>
              </dd>
            </div>
          )}
          {review?.date && (
            <div>
              <dt>{text.review}</dt>
              <dd>
                {t().batch.reviewed(review.date, review.by ?? '')}
                {t().shell.colon}
                {review.evidence}
              </dd>
            </div>
          )}
        </dl>
      )}
      {submitted?.isOfFormerPeer && <p class="box warn">{text.former}</p>}
    </>
  );
}

function Event({ event }: { event: CustomerStory['history'][number] }) {
  const text = t().customer;
  const { batch, batchName, row, at, outcome, code, message, hint, requestId, by, review, log } = event;
  return (
    <li>
      <header>
        <Time at={at} /> <OutcomeTag outcome={outcome} /> <ReviewTag review={review} />
        <span>
          <Link to={toRow(batch, row)}>
            {batchName || batch}, {text.row(count(row))}
          </Link>{' '}
          <span class="quiet">{text.by(by)}</span>
        </span>
      </header>
      {(code || message) && (
        <p>
          {code && <code>{code}</code>} {message}
        </p>
      )}
      {hint && <p class="quiet">{hintOf(code, hint)}</p>}
      {requestId && (
        <p class="quiet">
          {text.requestId} <code>{requestId}</code>
        </p>
      )}
      {log.length > 0 && <LogLines entries={log} />}
    </li>
  );
}

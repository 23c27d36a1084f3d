/** Submits whose reviews nobody has recorded yet, the oldest first. */
import { useState } from 'preact/hooks';
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import type { AwaitedReview, Page } from '../../api/types.ts';
import { useLoad, useThrottled } from '../../api/use-load.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { search, setSearch } from '../../router.ts';
import { mayAct, session } from '../../session.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Choice } from '../../ui/field.tsx';
import { Link, toCustomer, toRow } from '../../ui/link.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { Time } from '../../ui/marks.tsx';
import { LISTED_MOST, ShowMore } from '../../ui/show-more.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { ReviewForm } from './review-form.tsx';

type Listed = Page<'reviews', AwaitedReview> & { counts: { awaited: number; overdue: number } };

const PAGE = 50;
const LOOK_EVERY_MS = 2_000;
const AGES = [1, 7, 30];

export function ReviewsPage() {
  const text = t().customer;
  useTitle(text.reviewsTitle);
  const [pages, setPages] = useState(1);
  const { account, olderThanDays } = Object.fromEntries(search.value);
  const query = { account, olderThanDays, limit: Math.min(pages * PAGE, LISTED_MOST) };
  const reviews = useLoad(`reviews ${JSON.stringify(query)}`, (signal) =>
    get<Listed>('/v1/reviews', query, signal),
  );
  // What an account awaits is among its counts.
  const look = useThrottled(reviews.reload, LOOK_EVERY_MS);
  useLive({ path: '/v1/events', on: { accounts: look }, refresh: reviews.reload });
  return (
    <>
      <h1>{text.reviewsTitle}</h1>
      <p class="intro">{text.reviewsIntro}</p>
      <Filters />
      <WhenLoaded of={reviews}>
        {({ reviews: listed, counts, next }) => (
          <>
            <p class="quiet">
              {text.awaited(count(counts.awaited))}
              {counts.overdue > 0 && ` · ${text.overdue(count(counts.overdue))}`}
            </p>
            {listed.length === 0 ? (
              <p class="empty">{text.noReviews}</p>
            ) : (
              <Table reviews={listed} onChange={reviews.reload} />
            )}
            {next !== null && <ShowMore shown={listed.length} onMore={() => setPages((old) => old + 1)} />}
          </>
        )}
      </WhenLoaded>
    </>
  );
}

function Filters() {
  const text = t().customer;
  const accounts = session.value?.accounts ?? [];
  const value = (name: string) => search.value.get(name) ?? '';
  return (
    <div class="filters">
      <Choice
        label={text.olderThan}
        value={value('olderThanDays')}
        options={[['', text.any], ...AGES.map((days) => [String(days), text.days(count(days))] as const)]}
        onChoose={(olderThanDays) => setSearch({ olderThanDays })}
      />
      {accounts.length > 1 && (
        <Choice
          label={t().home.filterAccount}
          value={value('account')}
          options={[['', text.any], ...accounts.map((name) => [name, name] as const)]}
          onChoose={(account) => setSearch({ account })}
        />
      )}
    </div>
  );
}

function Table({ reviews, onChange }: { reviews: readonly AwaitedReview[]; onChange(): void }) {
  const text = t().customer;
  const [chosen, setChosen] = useState<AwaitedReview>();
  return (
    <>
      <div class="framed">
        <table class="stack">
          <thead>
            <tr>
              <th scope="col">{text.customer}</th>
              <th scope="col">{text.submitted}</th>
              <th scope="col" class="end">
                {text.age}
              </th>
              <th scope="col">{text.batchRow}</th>
              {mayAct() && <td />}
            </tr>
          </thead>
          <tbody>
            {reviews.map((each) => (
              <Line key={`${each.batch} ${each.row}`} review={each} onChoose={setChosen} />
            ))}
          </tbody>
        </table>
      </div>
      {chosen && (
        <Dialog title={text.recordTitle(chosen.custSpaceId)} onClose={() => setChosen(undefined)}>
          <ReviewForm
            of={{ account: chosen.account, batch: chosen.batch, row: chosen.row }}
            name={chosen.custSpaceId}
            onDone={() => {
              setChosen(undefined);
              onChange();
            }}
          />
        </Dialog>
      )}
    </>
  );
}

function Line({ review, onChoose }: { review: AwaitedReview; onChoose(review: AwaitedReview): void }) {
  const text = t().customer;
  const { custSpaceId, custName, account, batch, row, submittedAt, ageDays, isOverdue } = review;
  return (
    <tr>
      <th scope="row">
        <Link to={toCustomer(custSpaceId, account)}>{custSpaceId}</Link>
        {custName && <small>{custName}</small>}
      </th>
      <td data-label={text.submitted}>
        <Time at={submittedAt} />
      </td>
      <td data-label={text.age} class="end number">
        <span class={isOverdue ? 'warn' : ''}>{text.ageDays(count(Math.floor(ageDays)))}</span>
      </td>
      <td data-label={text.batchRow}>
        <Link to={toRow(batch, row)}>{text.row(count(row))}</Link> <small>{batch}</small>
      </td>
      {mayAct() && (
        <td class="end">
          <button type="button" onClick={() => onChoose(review)}>
            {text.record}
          </button>
        </td>
      )}
    </tr>
  );
}

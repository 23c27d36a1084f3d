/** The story of a customer, as people read it: what counts now, then what happened in each batch. */
import type { CustomerStory, Observation, OfAccount, StoryRow } from '../index.ts';
import type { Place } from '../ledger/place.ts';
import type { Decision, Review } from '../ledger/review.ts';
import { plural, renderTable } from '../text.ts';
import { describeAccount } from './accounts-view.ts';

const place = ({ batchId, row }: Place) => `row ${row} of batch ${batchId}`;
const time = (at: number) => new Date(at).toISOString();
const line = (name: string, text: string | undefined): string[][] => (text ? [[name, text]] : []);

export function renderStory(story: OfAccount<CustomerStory>): string {
  const { custSpaceId, account, peer, submitted, review, decisions, claim, parked, rows, left } = story;
  const { observation } = story;
  const now = [
    ['customer', custSpaceId],
    ['account', describeAccount({ name: account, peer })],
    ['counts now', submitted ? describeSubmit(submitted) : 'nothing was submitted yet'],
    ...(submitted?.isOfFormerPeer
      ? [['', 'It was submitted to an earlier peer, so the same data is sent again.']]
      : []),
    ...line('review', review && describeReview(review)),
    ...decisions
      .filter((each) => each.at !== review?.decision?.at)
      .map((each) => ['earlier review', describeDecision(each)]),
    ...(observation ? linesOfObservation(observation) : []),
    ...line('on its way', claim && place(claim)),
    ...parked.map((each) => ['outcome unknown', `${place(each.place)}: \`onboard settle\` decides it`]),
    ...(left > 0 ? [['', `${plural(left, 'older row')} left out`]] : []),
  ];
  return [renderTable(now), ...rows.map(renderRow)].join('\n\n');
}

function describeSubmit({
  place: of,
  at,
  requestId,
  count,
}: NonNullable<CustomerStory['submitted']>): string {
  const parts = [place(of), `submitted at ${time(at)}`, requestId && `RequestId ${requestId}`];
  return [...parts, count > 1 && `one of ${count} submits`].filter(Boolean).join(', ');
}

function describeReview({ review, decision }: Review): string {
  if (decision) return describeDecision(decision);
  return review === 'replaced' ? 'none: newer data was submitted before it' : review;
}

function describeDecision({ as, date, evidence, by, at, place: of }: Decision): string {
  return `${as} on ${date}: ${evidence} (${place(of)}; recorded by ${by} at ${time(at)})`;
}

/** In words that nobody takes for the end of a review. */
function linesOfObservation({ at, instances }: Observation): string[][] {
  const lines = instances.map(({ instanceId, channelType, state, isvTerms }) => {
    const of = [channelType, instanceId && `instance ${instanceId}`].filter(Boolean).join(', ');
    const said = `State ${state ?? 'not given'}, IsvTerms ${isvTerms ?? 'not given'}`;
    return ['', of === '' ? said : `${said} (${of})`];
  });
  return [['observation', `ListInstance at ${time(at)} said, which is not a review:`], ...lines];
}

function renderRow({ batch, row, line: of, record, message, hint, review, log }: StoryRow): string {
  const { outcome, at, attempts, ambiguous, parked, superseded } = record;
  const doubts = ambiguous > 0 ? `, ${plural(ambiguous, 'lost answer')}` : '';
  return renderTable([
    ['batch', `${batch.id}: ${batch.name}, by ${batch.by} at ${time(batch.created)}, ${batch.state}`],
    ['row', `${row}, line ${of}`],
    ['outcome', [outcome, parked && 'parked', superseded && 'superseded'].filter(Boolean).join(', ')],
    ['at', time(at)],
    ['calls', `${attempts}${doubts}`],
    ...line('code', record.code),
    ...line('message', message),
    ...line('', hint && `→ ${hint}`),
    ...line('submit marked', record.markedAt === undefined ? undefined : time(record.markedAt)),
    ...line('RequestId', record.requestId),
    ...line('of the authorization', record.authorizeRequestId),
    ...line('of the upload', record.putRequestId),
    ...line('not before', record.notBefore === undefined ? undefined : time(record.notBefore)),
    ...line('decided by', record.lead && place(record.lead)),
    ...line('review', review && describeReview(review)),
    ...log.map(({ at: when, by, action, details }) => [action, `${details} (${by}, ${time(when)})`]),
  ]);
}

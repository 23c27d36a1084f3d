/** The whole story of one row: what was sent, what came of it and when, and what may be done about it. */
import type { ComponentChildren } from 'preact';
import { get } from '../../api/client.ts';
import type { BatchDetail, Row, RowStory } from '../../api/types.ts';
import { useLoad, useReloadOn } from '../../api/use-load.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { mayAct } from '../../session.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { hintOf } from '../../ui/hint.ts';
import { Link, toCustomer, toRow } from '../../ui/link.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { OutcomeTag, ReviewTag, Time } from '../../ui/marks.tsx';
import { Observed } from '../../ui/observation.tsx';
import { ReviewForm } from '../reviews/review-form.tsx';
import { RowActions } from './row-actions.tsx';
import { RowTimeline } from './row-timeline.tsx';

export interface DrawerProps {
  /** Where the API has the batch. */
  at: string;
  row: string;
  batch: BatchDetail;
  onClose(): void;
  onChange(): void;
}

export function RowDrawer({ at, row, batch, onClose, onChange }: DrawerProps) {
  const path = `${at}/rows/${encodeURIComponent(row)}`;
  const story = useLoad(path, (signal) => get<RowStory>(path, {}, signal));
  // What happened to the row changes with the counts of its batch.
  const stamp = JSON.stringify([batch.counts, batch.reviews, batch.parked]);
  useReloadOn(stamp, story.reload);
  const changed = () => {
    story.reload();
    onChange();
  };
  return (
    <Dialog title={t().batch.rowTitle(row)} onClose={onClose} isDrawer>
      <WhenLoaded of={story}>
        {(loaded) => <Story story={loaded} at={at} batch={batch} onChange={changed} />}
      </WhenLoaded>
    </Dialog>
  );
}

interface StoryProps {
  story: RowStory;
  at: string;
  batch: BatchDetail;
  onChange(): void;
}

function Story({ story, at, batch, onChange }: StoryProps) {
  const text = t().batch;
  const { custSpaceId, custName, outcome, parked, review, code, message, hint } = story;
  const place = { account: batch.account, batch: batch.id, row: story.row };
  return (
    <div class="story">
      <p class="story-head">
        <b>{custName ?? custSpaceId}</b>
        <OutcomeTag outcome={outcome} isParked={parked === true} /> <ReviewTag review={review} />
      </p>
      {(code || message) && (
        <div class={outcome === 'failed' ? 'box bad' : 'box'}>
          <div>
            {code && <code>{code}</code>} {message}
            <div class="quiet">{hintOf(code, hint)}</div>
          </div>
        </div>
      )}
      {review?.date && (
        <p class="quiet">
          {text.reviewed(review.date, review.by ?? '')}
          {t().shell.colon}
          {review.evidence}
        </p>
      )}
      <Observed observation={story.observation} />
      {mayAct() && <RowActions at={at} story={story} onChange={onChange} />}
      <h3>{text.story}</h3>
      <RowTimeline story={story} />
      <Facts story={story} />
      <h3>{text.fields}</h3>
      <Fields fields={story.fields} />
      <p>
        <Link to={toCustomer(custSpaceId, batch.account)}>{text.wholeStory}</Link>
      </p>
      {mayAct() && outcome === 'submitted' && review?.as !== 'replaced' && (
        <details>
          <summary>{t().customer.record}</summary>
          <ReviewForm of={place} name={custSpaceId} onDone={onChange} />
        </details>
      )}
    </div>
  );
}

function Facts({ story }: { story: Row }) {
  const text = t().batch;
  const { line, attempts, requestId, authorizeRequestId, isvTerms, lead, submittedAt, notBefore } = story;
  const facts: [string, ComponentChildren][] = [
    [text.line, line],
    [text.attempts, attempts],
    [text.requestId, requestId && <code>{requestId}</code>],
    [text.authorizeRequestId, authorizeRequestId && <code>{authorizeRequestId}</code>],
    [text.isvTerms, isvTerms && <code>{isvTerms}</code>],
    [text.lead, lead && <Link to={toRow(lead.batch, lead.row)}>{text.leadRow(count(lead.row))}</Link>],
    [text.submittedAt, submittedAt && <Time at={submittedAt} />],
    [text.notBefore, notBefore && <Time at={notBefore} />],
  ];
  return (
    <dl class="pairs">
      {facts
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Fields({ fields }: { fields: Record<string, string> }) {
  return (
    <dl class="pairs">
      {Object.entries(fields).map(([name, value]) => (
        <div key={name}>
          <dt title={name}>{t().words.column[name] ?? name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

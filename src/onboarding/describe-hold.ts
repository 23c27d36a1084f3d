/** What keeps rows from moving, in words for people. Pure. */
import { plural, renderDuration } from '../text.ts';
import { describeWhen } from './describe-when.ts';
import type { Hold } from './holds.ts';

export interface HoldText {
  /** A word or two. */
  what: string;
  /** The rest of the sentence, or a sentence of its own. */
  text: string;
  isApart?: true;
}

export function describeHold(hold: Hold): HoldText {
  switch (hold.reason) {
    case 'noWorker':
      return { what: 'no worker', text: hold.since ? since(hold.since) : 'has ever run for this account' };
    case 'workersInTrouble':
      return {
        what: 'workers',
        text: `none takes jobs ${since(hold.since)}: ${statesOf(hold)}`,
        isApart: true,
      };
    case 'ledgerWentBack':
      return { what: 'held', text: `what was sent is no longer on record, ${since(hold.since)}` };
    case 'accountPaused':
      return { what: 'paused', text: pauserOf(hold) };
    case 'batchPaused':
      return {
        what: 'paused',
        text: hold.by === undefined ? `after too many ${hold.why} refusals in a row` : `by ${hold.by}`,
      };
    case 'leadsPaused':
      return {
        what: 'waiting',
        text: `${plural(hold.rows, 'row')} for the same customers in ${batchesOf(hold)}`,
        isApart: true,
      };
    case 'breaker':
      return { what: 'breaker', text: `OPEN ${since(hold.since)}: ${hold.code} ${hold.message}` };
    case 'outage':
      return { what: 'outage', text: `${since(hold.since)}: ${silenceOf(hold)}` };
    case 'notBefore':
      return { what: 'starts', text: describeWhen(hold.until), isApart: true };
    case 'batchesAhead':
      return {
        what: 'queue',
        text: `the batches ahead take about ${renderDuration(hold.seconds)} (${plural(hold.rows, 'row')})`,
        isApart: true,
      };
    case 'rowsWait':
      return {
        what: 'waiting',
        text: `${plural(hold.rows, 'row')} for the same customers in other batches`,
        isApart: true,
      };
  }
}

function batchesOf({ batches }: Hold<'leadsPaused'>): string {
  const [first, second] = batches;
  return second === undefined ? `batch ${first}, which is paused` : `${batches.length} batches, all paused`;
}

function pauserOf({ by, since: at }: Hold<'accountPaused'>): string {
  if (by === undefined) return 'in BullMQ itself, which does not say by whom';
  return `by ${by}${at ? ` ${since(at)}` : ''}`;
}

const since = (time: number) => `since ${new Date(time).toISOString()}`;

function statesOf({ workers }: Hold<'workersInTrouble'>): string {
  return workers.map(({ host, pid, state }) => `${state} (${host}:${pid})`).join(', ');
}

function silenceOf({ operation, code, message }: Hold<'outage'>): string {
  const peer = operation === 'put' ? 'OSS' : 'Chat App';
  return `${peer} (${operation}) is not answering: ${code} ${message}`;
}

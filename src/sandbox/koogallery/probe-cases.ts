/** What a probe tries with debug calls: each step in all ways in which it may come, and what must be refused. Pure. */
import { randomBytes, randomUUID } from 'node:crypto';
import { isV1 } from '../../koogallery/protocol/answer-problems.ts';
import type { Generation } from '../../koogallery/protocol/intent.ts';
import type { ResultCode } from '../../koogallery/protocol/result-codes.ts';
import type { CheckId } from './checks.ts';
import type { Message, Step } from './message.ts';
import { messageOf } from './messages.ts';
import type { ProbeKeys, Variation } from './sign-call.ts';

export interface ProbeCase {
  check: CheckId;
  step: Step;
  /** One call each, one after the other. */
  calls: readonly Variation[];
  /** The first call that is judged by its code; default 0. */
  judgedFrom?: number;
  /** Codes that are right; `success`: what the marketplace takes for one. */
  accepts: 'success' | readonly ResultCode[];
  /** Codes for which there is a reason: only a warning. */
  tolerates?: readonly ResultCode[];
  /** All of these calls are about one instance. */
  isOneInstance?: true;
  /** Every instance asked for must be in the answer. */
  isBatch?: true;
  /** About an order that the seller has never seen. */
  isUnseen?: true;
}

export interface CaseTerms {
  generation: Generation;
  keys: ProbeKeys;
  /** How often each call is sent again. */
  repeat: number;
}

const TEN_MINUTES_MS = 600_000;
/** Of one query, as documented. */
const IDS_MAX = 100;
const OVERSIZE_CHARS = 70_000;

/** The case that opens a step: if it fails for a step that may be left out, the others are not tried. */
export function plainCase(step: Step): ProbeCase {
  return { check: 'success', step, calls: [{}], accepts: 'success' };
}

/** All other cases of a step. */
export function casesOf(step: Step, terms: CaseTerms): ProbeCase[] {
  const message = messageOf(terms.generation, step);
  const isSignedBody =
    message.entrance === 'POST' || (message.entrance === 'KIT' && !isKitV1(message, terms));
  return [
    ...repeatCases(step, terms),
    ...toleranceCases(step, message, terms),
    ...(isSignedBody ? bodyCases(step) : []),
    ...(message.entrance === 'GET' ? queryCases(step) : []),
    ...formCases(step, message),
    ...refusalCases(step, message),
    ...(isSignedBody ? windowCases(step, message) : []),
  ];
}

/** What is asked of the endpoint as a whole, by the entrance of one of its steps. */
export function endpointCases(step: Step, { generation }: CaseTerms): ProbeCase[] {
  const { entrance } = messageOf(generation, step);
  const unknown = refused('unknown-activity', step, { activity: 'noSuchActivity' }, ['000002']);
  // Of joint operation, the path is the name.
  if (entrance === 'KIT') return [{ ...unknown, accepts: ['000001', '000002'] }];
  if (entrance === 'GET') return [unknown];
  // Whoever reads the body first cannot sign what is no JSON; whoever checks the signature first can.
  const broken: ResultCode[] = ['000001', '000005'];
  const large = { hasExtra: true, fields: { probeLarge: 'x'.repeat(OVERSIZE_CHARS) } } as const;
  return [
    unknown,
    { ...refused('malformed', step, { body: '{"activity":' }, ['000002']), tolerates: broken },
    { ...refused('malformed', step, { body: '[]' }, ['000002']), tolerates: broken },
    refused('oversized', step, large, ['000001', '000002', '000005']),
  ];
}

function repeatCases(step: Step, { repeat }: CaseTerms): ProbeCase[] {
  const again = { check: 'repeat', step, accepts: 'success' } as const;
  const cases: ProbeCase[] = [
    { ...again, calls: Array.from({ length: repeat }, () => ({})) },
    { check: 'unseen', step, calls: [{}], accepts: 'success', isUnseen: true },
  ];
  if (step !== 'create') return cases;
  // Whether a debug call with another businessId is the same order to a seller is not documented.
  const businessId = randomUUID();
  const calls = Array.from({ length: repeat + 1 }, () => ({ fields: { businessId } }));
  return [...cases, { ...again, calls, isOneInstance: true }];
}

function toleranceCases(step: Step, message: Message, { keys }: CaseTerms): ProbeCase[] {
  const cases = [
    tolerated('unknown-field', step, { hasExtra: true }),
    tolerated('hard-text', step, { hasHardText: true }),
  ];
  // Kits have a key of their own.
  if (keys.previous !== undefined && message.entrance !== 'KIT')
    cases.push(tolerated('previous-key', step, { key: 'previous' }));
  if (step === 'refresh') cases.push(tolerated('digits', step, { digits: 17 }));
  return cases;
}

/** Other forms in which a step is documented to come. */
function formCases(step: Step, { forms = [], optional }: Message): ProbeCase[] {
  const cases = forms.map((fields) => tolerated('forms', step, { fields }));
  if (optional !== undefined) cases.push(tolerated('sparse', step, { without: optional }));
  if (step !== 'query') return cases;
  const instanceId = Array.from({ length: IDS_MAX }, () => randomUUID()).join(',');
  return [...cases, { ...tolerated('many', step, { fields: { instanceId } }), isBatch: true }];
}

function bodyCases(step: Step): ProbeCase[] {
  return [
    tolerated('hex-case', step, { hex: 'lower' }),
    tolerated('seconds', step, { unit: 's' }),
    tolerated('unsorted', step, { isUnsorted: true }),
    tolerated('nulls', step, { hasNull: true }),
  ];
}

function queryCases(step: Step): ProbeCase[] {
  return [
    tolerated('percent-space', step, { space: 'percent', hasHardText: true }),
    tolerated('lost-plus', step, { losesPlus: true }),
  ];
}

function refusalCases(step: Step, message: Message): ProbeCase[] {
  const { requires } = message;
  const cases = [
    refused('wrong-key', step, { key: 'foreign' }, ['000001']),
    refused('unsigned', step, { signature: 'missing' }, ['000001']),
    refused('tampered', step, { signature: 'tampered' }, ['000001']),
    refused('missing-field', step, { without: [requires] }, ['000002']),
  ];
  // Which of two values counts is up to whoever reads them, so neither may.
  const either: ResultCode[] = ['000001', '000002'];
  const inQuery = { GET: requires, POST: 'nonce', KIT: undefined }[message.entrance];
  if (inQuery !== undefined) cases.push(refused('twice-in-query', step, { twiceInQuery: inQuery }, either));
  // A query has only texts.
  if (message.entrance === 'GET') return cases;
  cases.push(refused('twice-in-body', step, { twiceInBody: requires }, either));
  return [...cases, refused('wrong-type', step, { fields: { [requires]: [{}] } }, ['000002'])];
}

function windowCases(step: Step, { requires }: Message): ProbeCase[] {
  const nonce = randomBytes(16).toString('hex');
  const other: Variation = { nonce, hasExtra: true, fields: { probeOther: requires } };
  return [
    refused('stale', step, { offsetMs: -TEN_MINUTES_MS }, ['000001']),
    refused('early', step, { offsetMs: TEN_MINUTES_MS }, ['000001']),
    { check: 'replayed', step, calls: [{ nonce }, other], judgedFrom: 1, accepts: ['000001'] },
  ];
}

const isKitV1 = ({ entrance }: Message, { generation }: CaseTerms): boolean =>
  entrance === 'KIT' && isV1(generation);

function tolerated(check: CheckId, step: Step, variation: Variation): ProbeCase {
  return { check, step, calls: [variation], accepts: 'success' };
}

function refused(
  check: CheckId,
  step: Step,
  variation: Variation,
  accepts: readonly ResultCode[],
): ProbeCase {
  return { check, step, calls: [variation], accepts };
}

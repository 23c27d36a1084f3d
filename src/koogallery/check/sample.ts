/** A few debug calls through the public address, and what they say of it. Pure: whoever plays the marketplace is given. */
import type { ChannelKeys } from '../channels.ts';
import type { Generation } from '../protocol/intent.ts';
import { bad, type CheckFinding, note, ok, type Said } from './check-finding.ts';

/** Few enough to disturb nobody. */
export const SAMPLE_CALLS = 20;
/** The shorter of two documented limits; and what leaves room for a bad day, in milliseconds. */
const LIMIT_MS = 5_000;
const WISHED_MS = 1_000;

/** Which endpoint is called, how often, and as whom. */
export interface SampleTerms {
  /** The production address. */
  endpoint: URL;
  generation: Generation;
  keys: ChannelKeys;
  calls: number;
}

export interface Complaint {
  /** Whether it is about the signature of answers, and not about the rest of them. */
  isOfSignature: boolean;
  /** The documents do not agree that it is a fault. */
  isMild: boolean;
  title: string;
  came: string;
  expected: string;
}

/** How an endpoint answered a few calls. */
export interface Sample {
  /** Of each call with an answer: from connecting to the last byte, in milliseconds. */
  elapsedMs: number[];
  /** Why there was none, for each of the others. */
  failures: string[];
  /** `resultCode` of each answer, or empty. */
  codes: string[];
  /** What the marketplace would not like about the answers, each once. */
  complaints: Complaint[];
  /** Of the header Date, and of this machine when it came, in milliseconds since 1970. */
  date: { theirs: number; ours: number } | undefined;
}

export type TakeSample = (terms: SampleTerms) => Promise<Sample>;

/** @param noted how many of the calls the audit in Redis has; undefined if Redis cannot be asked */
export function judgeSample(where: string, sample: Sample, noted: number | undefined): CheckFinding[] {
  const said = { code: 'answers', where, what: 'debug calls' } as const;
  const { failures, elapsedMs } = sample;
  const all = failures.length + elapsedMs.length;
  if (elapsedMs.length === 0)
    return [
      bad(
        { ...said, text: `none of ${all} was answered: ${failures[0] ?? ''}` },
        'See that the address leads to `onboard koogallery serve`, and that this machine can reach it without a proxy.',
      ),
    ];
  const parts = [
    ...judgeAnswers(where, sample),
    judgeReceiver(where, sample, noted),
    judgeLatency(where, sample),
  ];
  if (failures.length === 0) return parts;
  const text = `${failures.length} of ${all} had no answer: ${failures[0]}`;
  return [bad({ ...said, text }, 'Mend the way to the receiver: each such call is a failed one.'), ...parts];
}

function judgeAnswers(where: string, { complaints }: Sample): CheckFinding[] {
  const of = (isOfSignature: boolean, said: Said): CheckFinding => {
    const own = complaints.filter((each) => each.isOfSignature === isOfSignature);
    const [first] = own.filter(({ isMild }) => !isMild).concat(own);
    if (first === undefined) return ok(said);
    const text = own.map(({ title, came }) => `${title}: ${came}`).join('; ');
    const hint = `Expected: ${first.expected}. See what the proxy in front changes.`;
    return first.isMild ? note({ ...said, text }, hint) : bad({ ...said, text }, hint);
  };
  return [
    of(false, {
      code: 'answers',
      where,
      what: 'answers',
      text: 'HTTP 200, JSON, no redirect, not compressed',
    }),
    of(true, { code: 'body_sign', where, what: 'Body-Sign', text: 'arrives as it was sent, and is right' }),
  ];
}

/** The calls have an activity that nobody knows, so that nothing real is touched and no probe is feigned. */
function judgeReceiver(where: string, { codes }: Sample, noted: number | undefined): CheckFinding {
  const said = { code: 'receiver', where, what: 'receiver' } as const;
  const other = codes.find((code) => code !== '000002');
  if (other === '000001')
    return bad(
      { ...said, text: 'does not believe the key of this channel (000001)' },
      'Give it the same file and keys, and restart it; or correct the clock.',
    );
  if (other === '000005')
    return bad({ ...said, text: 'cannot answer (000005)' }, 'Look into its log: Redis is away or too slow.');
  if (other !== undefined)
    return bad(
      { ...said, text: `answers ${other || 'without a code'}` },
      'See what really answers at this address.',
    );
  if (noted === undefined) return ok({ ...said, text: 'believes the key of this channel' });
  if (noted >= codes.length)
    return ok({ ...said, text: 'believes the key of this channel, and writes into this Redis' });
  return bad(
    {
      ...said,
      text: `believes the key, but ${codes.length - noted} of ${codes.length} calls are not in this Redis`,
    },
    'Give the receiver and the workers the same Redis.',
  );
}

function judgeLatency(where: string, { elapsedMs }: Sample): CheckFinding {
  const said = { code: 'latency', where, what: 'time' } as const;
  const sorted = [...elapsedMs].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  const [median, slowest] = [at(0.5), at(0.99)];
  const text = `p50 ${median} ms, p99 ${slowest} ms of ${sorted.length}, each with a connection of its own`;
  const hint = `The marketplace gives up after ${LIMIT_MS / 1_000} s (V2.0; another page says 20 s).`;
  if (slowest > LIMIT_MS) return bad({ ...said, text }, hint);
  return slowest > WISHED_MS
    ? note({ ...said, text }, `${hint} Answers should take less than one.`)
    : ok({ ...said, text });
}

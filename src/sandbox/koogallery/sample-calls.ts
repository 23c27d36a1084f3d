/** A few debug calls, one after another, as the marketplace makes them; their activity is one that nobody knows. */
import type { Sample, SampleTerms } from '../../koogallery/check/sample.ts';
import { checkAnswer } from './answer-checks.ts';
import { CHECKS } from './checks.ts';
import { SimulatedMarketplace } from './marketplace.ts';
import { stepsOf } from './messages.ts';
import { headersNamed } from './raw-headers.ts';

/** Real ones would be taken for probes of the marketplace, which this must not feign. */
export const SAMPLE_ACTIVITY = 'onboardCheck';
/** After so many without any answer, nobody is there. */
const SILENT_MAX = 3;
/** From outside, so bounded: characters of what came instead. */
const CAME_MAX = 120;

/** Never throws. TLS is checked with the authorities that this machine trusts. */
export async function sampleCalls({ endpoint, generation, keys, calls }: SampleTerms): Promise<Sample> {
  const marketplace = new SimulatedMarketplace({ endpoint, generation, keys });
  const sample: Sample = { elapsedMs: [], failures: [], codes: [], complaints: [], date: undefined };
  const [step] = stepsOf(generation);
  if (step === undefined) return sample;
  for (let made = 0; made < calls && sample.failures.length < SILENT_MAX; made += 1) {
    const variation = { activity: SAMPLE_ACTIVITY };
    const order = marketplace.placeOrder();
    const exchange = await marketplace.call(order, marketplace.event(step), { isTest: true, variation });
    const { answer, failure, elapsedMs } = exchange.outcome;
    if (answer === undefined) {
      sample.failures.push(failure);
      continue;
    }
    sample.elapsedMs.push(elapsedMs);
    sample.codes.push(String(exchange.answer?.resultCode ?? ''));
    const [date] = headersNamed(answer.rawHeaders, 'date');
    const theirs = Date.parse(date?.value ?? '');
    if (!Number.isNaN(theirs)) sample.date = { theirs, ours: Date.now() };
    complain(sample, checkAnswer(exchange, { generation, keys }));
  }
  return sample;
}

/** Each thing once. */
function complain(sample: Sample, findings: ReturnType<typeof checkAnswer>): void {
  for (const { check, result, came } of findings) {
    const { title, expected } = CHECKS[check];
    if (result === 'pass' || sample.complaints.some((each) => each.title === title)) continue;
    const kind = { isOfSignature: check.startsWith('body-sign'), isMild: result === 'warn' };
    sample.complaints.push({ ...kind, title, came: (came ?? '').slice(0, CAME_MAX), expected });
  }
}

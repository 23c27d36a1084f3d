/** What the marketplace's debugger checks of every answer (docs/koogallery-sources.md), and what else the pages ask of it. Pure. */
import { answerProblems, isV1 } from '../../koogallery/protocol/answer-problems.ts';
import { isJsonObject, type JsonObject } from '../../koogallery/protocol/json.ts';
import type { FieldProblem } from '../../koogallery/protocol/parse-request.ts';
import { accessOf } from './belief.ts';
import { checkBodySign } from './body-sign-checks.ts';
import { type CheckId, type Finding, findingOf } from './checks.ts';
import type { Exchange, SellerTerms } from './marketplace.ts';
import { headersNamed } from './raw-headers.ts';
import type { WireAnswer } from './send-call.ts';
import type { ProbeKeys } from './sign-call.ts';

export const ANSWER_TIME_MS_MAX = 5000;

/** What is checked of every answer, each with what came; undefined: as expected. */
export function checkAnswer(exchange: Exchange, terms: SellerTerms): Finding[] {
  const { outcome } = exchange;
  if (outcome.answer === undefined) return [findingOf('answered', outcome.failure)];
  return [
    findingOf('answered', undefined),
    ...checkTransport(outcome.answer, outcome.elapsedMs),
    ...checkBodySign(exchange, terms),
    ...checkContent(exchange, terms),
  ];
}

function checkTransport({ status, rawHeaders, body }: WireAnswer, elapsedMs: number): Finding[] {
  const redirect = headersNamed(rawHeaders, 'location').length > 0 ? ', with a Location' : '';
  const [type] = headersNamed(rawHeaders, 'content-type');
  const [encoding] = headersNamed(rawHeaders, 'content-encoding');
  const isJson = /^application\/json\s*(;|$)/i.test(type?.value.trim() ?? '');
  return [
    findingOf('status', status === 200 ? undefined : `${status}${redirect}`),
    findingOf('content-type', isJson ? undefined : (type?.value.slice(0, 80) ?? 'none')),
    findingOf('time', elapsedMs <= ANSWER_TIME_MS_MAX ? undefined : `${elapsedMs} ms`),
    findingOf('encoding', encoding?.value.slice(0, 80)),
    findingOf('ascii', body.every((byte) => byte < 0x80) ? undefined : 'raw characters beyond ASCII'),
  ];
}

function checkContent(exchange: Exchange, { generation, keys }: SellerTerms): Finding[] {
  const { answer, message } = exchange;
  if (answer === undefined) return [findingOf('json', describeBody(exchange.outcome.answer))];
  const problems = answerProblems({ generation, intent: message.intent, answer });
  const of = (check: CheckId): Finding => findingOf(check, describeProblems(problems, check));
  const findings = [findingOf('json', undefined), of('result'), of('known-code')];
  // A refusal needs no more than its code.
  if (!exchange.isTaken) return findings;
  findings.push(of('fields'), of('lengths'), of('formats'));
  if (isV1(generation)) findings.push(findingOf('credentials', describeCredentials(answer, keys)));
  if (message.intent === 'query' && answer.resultCode === '000000')
    findings.push(checkAsked(exchange, answer));
  return findings;
}

function checkAsked({ order, variation }: Exchange, { info }: JsonObject): Finding {
  // Of many, each is looked for elsewhere.
  if (variation.fields?.instanceId !== undefined) return findingOf('asked', undefined);
  const entries = Array.isArray(info) ? info.filter(isJsonObject) : [];
  const count = entries.filter(({ instanceId }) => instanceId === order.instanceId).length;
  return findingOf('asked', count === 1 ? undefined : `${count} entries for it, ${entries.length} in all`);
}

function describeBody(answer: WireAnswer | undefined): string {
  if (answer === undefined || answer.body.length === 0) return 'nothing';
  const first = answer.body.toString('latin1').trimStart()[0];
  const kind = first === '<' ? 'HTML or XML' : first === '[' ? 'a list' : 'no JSON object';
  return `${kind}, ${answer.body.length} bytes`;
}

function describeProblems(problems: readonly FieldProblem[], check: CheckId): string | undefined {
  const own = problems.filter((problem) => checkOf(problem) === check);
  return own.length === 0
    ? undefined
    : own
        .slice(0, 5)
        .map(({ field, problem }) => `${field || 'it'} ${problem}`)
        .join(', ');
}

function checkOf({ field, problem }: FieldProblem): CheckId {
  if (field === 'resultCode' && /is no known code|is not an answer/.test(problem)) return 'known-code';
  if (field === 'resultCode' || field === 'resultMsg') return 'result';
  if (/is missing|is empty/.test(problem)) return 'fields';
  return problem.startsWith('is longer') ? 'lengths' : 'formats';
}

function describeCredentials(answer: JsonObject, keys: ProbeKeys): string | undefined {
  const entries = Array.isArray(answer.info) ? answer.info.filter(isJsonObject) : [answer];
  const unreadable = entries.some(({ appInfo }) => {
    if (!isJsonObject(appInfo)) return false;
    const held = { appInfo, encryptType: answer.encryptType };
    return [keys.current, keys.previous].every(
      (key) => key === undefined || accessOf(held, key) === undefined,
    );
  });
  return unreadable ? 'they do not' : undefined;
}

/** `Body-Sign` of an answer, checked as the debugger does, with the likely cause where it is wrong. Pure. */
import { isV1 } from '../../koogallery/protocol/answer-problems.ts';
import { verifyBodySign } from '../../koogallery/protocol/body-sign.ts';
import { asciiJson } from '../../koogallery/protocol/json.ts';
import { type Finding, findingOf } from './checks.ts';
import type { Exchange, SellerTerms } from './marketplace.ts';
import { headersNamed } from './raw-headers.ts';
import type { ProbeKeys } from './sign-call.ts';

/** The marketplace tells it from `body-sign`. */
const BODY_SIGN = 'Body-Sign';

export function checkBodySign(exchange: Exchange, { generation, keys }: SellerTerms): Finding[] {
  const { answer } = exchange.outcome;
  if (answer === undefined) return [];
  const headers = headersNamed(answer.rawHeaders, BODY_SIGN.toLowerCase());
  const exact = headers.filter(({ name }) => name === BODY_SIGN);
  const header = exact[0] ?? headers[0];
  // One page of V2.0 asks for it, and the sample of V2.0 does not send it.
  if (header === undefined) return [findingOf('body-sign', 'none', !isV1(generation))];
  const verified = acceptedKeys(exchange, keys).map((key) =>
    verifyBodySign({ header: header.value, body: answer.body }, { current: key }),
  );
  const isMalformed = verified.some((each) => !each.valid && each.reason !== 'mismatch');
  const findings = [
    findingOf('body-sign', headers.length > 1 ? `${headers.length} of them` : undefined),
    findingOf('body-sign-case', header.name === BODY_SIGN ? undefined : header.name),
    findingOf('body-sign-form', isMalformed ? describeForm(header.value) : undefined),
  ];
  if (isMalformed) return findings;
  const isRight = verified.some(({ valid }) => valid);
  const came = isRight ? undefined : describeMismatch(exchange, header.value, keys);
  return [...findings, findingOf('body-sign-value', came)];
}

/** Which key signs the answer to a call by another key than the current one is not documented. */
function acceptedKeys({ message, variation }: Exchange, { current, previous, kit }: ProbeKeys): string[] {
  const others = [message.entrance === 'KIT' && kit, variation.key === 'previous' && previous];
  return [current, ...others.filter((key) => typeof key === 'string')];
}

function describeForm(value: string): string {
  const quotes = value.split('"').length - 1;
  return quotes === 4 ? 'another form' : `${quotes} double quotes instead of 4`;
}

function describeMismatch({ outcome, answer }: Exchange, header: string, keys: ProbeKeys): string {
  const body = outcome.answer?.body ?? Buffer.alloc(0);
  const isOf = (other: string | Uint8Array, key = keys.current) =>
    verifyBodySign({ header, body: other }, { current: key }).valid;
  const text = body.toString('utf8');
  if (isOf(text.trim()) || isOf(`${text}\n`)) return 'right without the space around the body';
  if (answer !== undefined && (isOf(JSON.stringify(answer)) || isOf(asciiJson(answer))))
    return 'right for the same JSON written compactly: it was written again after signing';
  if (keys.previous !== undefined && isOf(body, keys.previous)) return 'signed with the previous key';
  if (keys.kit !== undefined && isOf(body, keys.kit)) return 'signed with the key of joint operation';
  return 'another value';
}

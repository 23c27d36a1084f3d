/** What the seller's provisioning webhook answers, and what that means for a task. Pure. */
import type { PostAnswer } from '../../alibaba/post.ts';
import { cut, inLine } from '../../printable.ts';
import { isJsonObject, type JsonObject, parseJson } from '../protocol/json.ts';

/** Of a reason that is kept, in characters. */
const REASON_LENGTH_MAX = 300;

export type WebhookVerdict =
  | { verdict: 'done'; answer: JsonObject }
  /** It is still at work. */
  | { verdict: 'pending'; reason: string; wantedMs: number | undefined }
  | { verdict: 'refused'; reason: string }
  | { verdict: 'failed'; reason: string; wantedMs: number | undefined };

/** 200 is done, 202 is asked again, 409 and 422 are refused for good, and anything else is tried again. */
export function readAnswer({ status, headers, body }: PostAnswer): WebhookVerdict {
  const parsed = parseJson(body);
  const answer = isJsonObject(parsed) ? parsed : undefined;
  const said = reasonIn(answer);
  const wantedMs = secondsIn(headers['retry-after']);
  const reason = said ?? `HTTP ${status}`;
  if (status === 202) return { verdict: 'pending', reason: said ?? 'the webhook is still at work', wantedMs };
  if (status === 409 || status === 422) return { verdict: 'refused', reason };
  if (status !== 200) return { verdict: 'failed', reason, wantedMs };
  // With nothing to say, an answer may be empty.
  if (body.trim() === '') return { verdict: 'done', answer: {} };
  if (answer === undefined)
    return { verdict: 'failed', reason: 'HTTP 200, but not a JSON object', wantedMs: undefined };
  return { verdict: 'done', answer };
}

/** Bounded, because somebody else has written it. */
export function boundReason(text: string): string {
  return inLine(cut(text.replace(/\s+/g, ' ').trim(), REASON_LENGTH_MAX));
}

function reasonIn(answer: JsonObject | undefined): string | undefined {
  const { reason } = answer ?? {};
  return typeof reason === 'string' && reason.trim() !== '' ? boundReason(reason) : undefined;
}

/** Only seconds: dates depend on two clocks. */
function secondsIn(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : undefined;
}

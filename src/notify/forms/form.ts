/** How an event becomes a request of one vendor's form, and how its answer is read. Pure. */
import type { AlertEvent } from '../events.ts';
import type { Receiver } from '../receivers.ts';
import type { AlertText } from '../texts.ts';

/** What is to be sent with POST, as JSON. */
export interface FormedRequest {
  url: string;
  body: string;
  headers?: Record<string, string>;
}

export interface Content {
  event: AlertEvent;
  text: AlertText;
  /** Milliseconds since 1970: part of most signatures. */
  now: number;
}

export interface Answer {
  status: number;
  /** Its beginning. */
  body: string;
}

export interface Form {
  make(receiver: Pick<Receiver, 'url' | 'secret'>, content: Content): FormedRequest;
  /** @returns why the event did not arrive; undefined if it did */
  findProblem(answer: Answer): string | undefined;
}

/** The problem that a status tells; most vendors say more in the body. */
export function problemOfStatus({ status }: Answer): string | undefined {
  return status >= 200 && status < 300 ? undefined : `HTTP ${status}`;
}

/**
 * For vendors that answer 200 and say in the body whether it worked.
 * @param code its field that is 0 if it did
 * @param message its field that says why not
 */
export function problemOfCode(answer: Answer, code: string, message: string): string | undefined {
  const body = parse(answer.body);
  if (body?.[code] === 0) return problemOfStatus(answer);
  if (body?.[code] === undefined) return `HTTP ${answer.status} without ${code}`;
  return `${code} ${String(body[code])}: ${String(body[message] ?? '')}`;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

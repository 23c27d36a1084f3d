/** One event to one receiver: a request, and what came of it. What a receiver answers is bounded in bytes and in time. */
import { post } from '../alibaba/post.ts';
import type { ProxySettings } from '../alibaba/proxy.ts';
import { whyUnreached } from '../alibaba/reach.ts';
import { cut, inLine } from '../printable.ts';
import type { AlertEvent } from './events.ts';
import { FORMS } from './forms/all.ts';
import type { Receiver } from './receivers.ts';
import { textOf } from './texts.ts';

/** Longest wait for the whole answer, in milliseconds. */
const ANSWER_MS_MAX = 10_000;
/** As much of an answer as people are shown, in characters. */
const SHOWN_LENGTH_MAX = 200;

/** What is shorter gives nothing away, in characters. */
const SECRET_LENGTH_MIN = 6;

export interface Way {
  proxy: ProxySettings | undefined;
  /** Longest wait for the whole answer that differs from the default, in milliseconds. */
  withinMs?: number;
  now?: () => number;
}

export interface Delivery {
  isOk: boolean;
  /** What the receiver answered, or why it did not, in a few words; no address and no secret is in it. */
  text: string;
}

/** Never throws: what went wrong is in the result. */
export async function deliver(receiver: Receiver, event: AlertEvent, way: Way): Promise<Delivery> {
  const form = FORMS[receiver.type];
  const { now = Date.now } = way;
  const text = textOf(event, receiver.language);
  try {
    const { proxy, withinMs = ANSWER_MS_MAX } = way;
    const answer = await post(form.make(receiver, { event, text, now: now() }), { proxy, withinMs });
    const problem = form.findProblem(answer);
    const isOk = problem === undefined;
    return { isOk, text: clean(problem ?? `HTTP ${answer.status}`, receiver) };
  } catch (error) {
    return { isOk: false, text: whyUnreached(error) };
  }
}

/** An answer may repeat what we sent, and the address of most receivers is a secret. */
function clean(answer: string, { url, secret = '' }: Receiver): string {
  const { search, pathname } = new URL(url);
  const parts = [...pathname.split('/'), ...searchValues(url)];
  const secrets = [url, secret, search.slice(1), pathname.length > 1 ? pathname : '', ...parts];
  const shown = secrets
    .filter((text) => text.length >= SECRET_LENGTH_MIN)
    .reduce((rest, text) => rest.replaceAll(text, '…'), answer);
  return inLine(cut(shown.replace(/\s+/g, ' ').trim(), SHOWN_LENGTH_MAX));
}

const searchValues = (url: string) => [...new URL(url).searchParams.values()];

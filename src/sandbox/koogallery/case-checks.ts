/** Whether the answers of one case say what they should. Pure. */

import { isJsonObject } from '../../koogallery/protocol/json.ts';
import type { ResultCode } from '../../koogallery/protocol/result-codes.ts';
import { accessOf } from './belief.ts';
import { type CheckId, type Finding, findingOf, isMild } from './checks.ts';
import type { Exchange } from './marketplace.ts';

export interface Expectation {
  check: CheckId;
  accepts: 'success' | readonly ResultCode[];
  tolerates?: readonly ResultCode[];
}

/** Judges the code of one answer. */
export function checkCode(exchange: Exchange, { check, accepts, tolerates = [] }: Expectation): Finding {
  const code = exchange.answer?.resultCode;
  const isRight =
    accepts === 'success' ? exchange.isTaken : typeof code === 'string' && isOneOf(accepts, code);
  if (isRight) return findingOf(check, undefined);
  const isTolerated = typeof code === 'string' && isOneOf(tolerates, code);
  return findingOf(check, describeCode(exchange), isMild(check) || isTolerated);
}

/** Whether all answers that succeeded name one instance, and one license. */
export function checkSameInstance(exchanges: readonly Exchange[]): Finding {
  const named = exchanges
    .filter(({ isTaken }) => isTaken)
    .map(({ answer }) => JSON.stringify([answer?.instanceId, answer?.license]));
  const count = new Set(named).size;
  return findingOf(
    'same-instance',
    count <= 1 ? undefined : `${count} different ones in ${named.length} answers`,
  );
}

/** Whether a query about several instances is answered for each of them, once. */
export function checkBatch({ variation, answer }: Exchange): Finding {
  const asked = String(variation.fields?.instanceId).split(',');
  const entries = Array.isArray(answer?.info) ? answer.info.filter(isJsonObject) : [];
  const told = new Set(entries.map(({ instanceId }) => instanceId));
  const isRight = entries.length === asked.length && asked.every((id) => told.has(id));
  return findingOf(
    'many',
    isRight ? undefined : `${told.size} of ${asked.length}, ${entries.length} entries`,
  );
}

/** The same of the access data, which V1.0 encrypts anew each time. */
export function checkSameAccess(exchanges: readonly Exchange[], key: string): Finding {
  const told = exchanges
    .filter(({ isTaken }) => isTaken)
    .map(({ answer }) => JSON.stringify(Object.entries(accessOf(answer, key) ?? {}).sort()));
  const count = new Set(told).size;
  return findingOf(
    'same-access',
    count <= 1 ? undefined : `${count} different ones in ${told.length} answers`,
  );
}

const isOneOf = (codes: readonly string[], code: string): boolean => codes.includes(code);

const MESSAGE_LENGTH_MAX = 80;

/** `000005 "internal error."`, `HTTP 404 without a resultCode`. */
export function describeCode({ outcome, answer }: Exchange): string {
  if (outcome.answer === undefined) return outcome.failure;
  const { resultCode, resultMsg } = answer ?? {};
  if (typeof resultCode !== 'string') return `HTTP ${outcome.answer.status} without a resultCode`;
  const message = typeof resultMsg === 'string' ? ` "${resultMsg.slice(0, MESSAGE_LENGTH_MAX)}"` : '';
  return `${resultCode.slice(0, 16)}${message}`;
}

/** From what became of a call to an error that people and programs know. */
import { AppError } from '../../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Outcome } from './client.ts';

export interface Done {
  body: JsonObject;
  text: string;
}

/** @throws AppError MARKETPLACE_UNREACHABLE (of a passing trouble), MARKETPLACE_DENIED, MARKETPLACE_REFUSED */
export function requireDone(outcome: Outcome, what: string): Done {
  const { verdict, code, message, status, body, text } = outcome;
  if (verdict === 'done' && body !== undefined && text !== undefined) return { body, text };
  const known = {
    peerMessage: message,
    wasSent: outcome.mayBeDone,
    ...(code && { peerCode: code }),
    ...(status && { httpStatus: status }),
  };
  const said = code ?? (status === undefined ? message : `HTTP ${status}`);
  if (verdict === 'again' || verdict === 'done')
    throw new AppError('MARKETPLACE_UNREACHABLE', `${what}: ${said}.`, known);
  const ours = verdict === 'denied' ? 'MARKETPLACE_DENIED' : 'MARKETPLACE_REFUSED';
  throw new AppError(ours, `${what} was refused: ${said}.`, known);
}

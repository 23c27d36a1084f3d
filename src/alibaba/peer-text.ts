/**
 * What a peer writes is bounded where it comes in: codes, RequestIds and messages end up in errors, logs and Redis,
 * and a peer (or a proxy in its place) may answer with anything. An odd text never makes an answer unreadable: an
 * accepted submit with an odd RequestId is an accepted submit.
 */
import { z } from 'zod';
import { cut, inLine } from '../printable.ts';

/** Longest message of a peer that is kept, in characters. */
const MESSAGE_LENGTH_MAX = 500;
/** Longest code, RequestId or host of a peer that is kept, in characters. */
const NAME_LENGTH_MAX = 100;

/** In place of a character that no code, RequestId or host has. */
const ODD = '?';

/** Stands for a RequestId that a peer did not give. */
export const NO_REQUEST_ID = 'unknown';

/** A code, RequestId or host, cut to the length that is kept; a character that none of them has becomes `?`. */
export function boundName(text: string): string {
  return cut(text, NAME_LENGTH_MAX).replace(/[^\w.:-]/gu, ODD);
}

/** Whether a name that is kept had characters that were replaced. */
export const isAltered = (name: string | undefined): boolean => name?.includes(ODD) === true;

/** A peer's message, cut to the length that is kept; undefined if it is no text. */
export const peerMessage = z
  .string()
  .transform((text) => inLine(cut(text, MESSAGE_LENGTH_MAX)))
  .optional()
  .catch(undefined);

/** A peer's code or host, cut to the length that is kept; undefined if it is no text. */
export const peerName = z.string().transform(boundName).optional().catch(undefined);

/** A RequestId, cut to the length that is kept; undefined if it is empty, or neither a text nor a number. */
export const peerRequestId = z
  .union([z.string(), z.number()])
  .transform((id) => boundName(String(id)) || undefined)
  .optional()
  .catch(undefined);

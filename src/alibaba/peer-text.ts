/**
 * What a peer writes is bounded where it comes in: codes, RequestIds and messages end up in errors, logs and Redis,
 * and a peer (or a proxy in its place) may answer with anything.
 */
import { z } from 'zod';

/** Longest message of a peer that is kept, in characters. */
const MESSAGE_LENGTH_MAX = 500;
/** Longest code, RequestId or host of a peer that is kept, in characters. */
const NAME_LENGTH_MAX = 100;

export const boundName = (text: string) => text.slice(0, NAME_LENGTH_MAX);

/** A peer's message, cut to the length that is kept. */
export const peerMessage = z.string().transform((text) => text.slice(0, MESSAGE_LENGTH_MAX));

/** A peer's code or RequestId, cut to the length that is kept. */
export const peerName = z.string().transform(boundName);

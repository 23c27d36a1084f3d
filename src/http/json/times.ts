/** Times in answers and in requests: ISO 8601. Inside, they are milliseconds since 1970. Pure. */
import { z } from 'zod';

/** UTC, with milliseconds. */
export const timeSchema = z.iso.datetime({ precision: 3 });

/** In requests: with an offset, or UTC. */
export const momentSchema = z.iso.datetime({ offset: true });

export const isoOf = (time: number): string => new Date(time).toISOString();

export function maybeIso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : isoOf(time);
}

export function maybeTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

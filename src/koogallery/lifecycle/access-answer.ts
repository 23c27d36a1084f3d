/** The access data that a webhook answers with: checked as the marketplace would, and joined with what is known. Pure. */
import { z } from 'zod';
import type { OpenChannel } from '../channels.ts';
import { appInfoProblems, isV1 } from '../protocol/answer-problems.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Access } from '../registry/access.ts';

/** Null and an empty text are what some languages have for nothing. */
const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);
const address = text.refine((value) => value === undefined || isAddress(value), 'is not a web address');

const answerSchema = z.object({
  frontEndUrl: address,
  adminUrl: address,
  userName: text,
  password: text,
  memo: text,
});

export type ReadAccess =
  | { ok: true; access: Access | undefined }
  /** Names of fields, never their values. */
  | { ok: false; problem: string };

/**
 * @param known what buyers may have been told: in V1.0 it stays, elsewhere the webhook's word counts for more
 * @returns the access data as they are to be kept; undefined if they stay as they are
 */
export function readAccess(
  answer: JsonObject,
  known: Access,
  channel: Pick<OpenChannel, 'generation' | 'keys'>,
): ReadAccess {
  const read = answerSchema.safeParse(answer);
  if (!read.success) return { ok: false, problem: problemOf(read.error.issues) };
  const given = definedOf(read.data);
  if (Object.keys(given).length === 0) return { ok: true, access: undefined };
  const v1 = isV1(channel.generation);
  const access = v1 ? { ...given, ...known } : { ...known, ...given };
  const cipher = v1 ? ({ key: channel.keys.current, encryptType: '1' } as const) : undefined;
  const problems = appInfoProblems({ ...access, frontEndUrl: access.frontEndUrl ?? '' }, cipher);
  if (problems.length === 0) return { ok: true, access };
  return { ok: false, problem: problems.map(({ field, problem }) => `${field} ${problem}`).join(', ') };
}

function problemOf(issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .map(({ path, code, message }) => `${path.join('.')} ${code === 'custom' ? message : 'is not a text'}`)
    .join(', ');
}

function definedOf(fields: z.output<typeof answerSchema>): Access {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Buyers follow it. */
function isAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

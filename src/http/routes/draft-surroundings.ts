/** What Redis knows about a draft. While it is away, a draft is shown and corrected without that. */
import type { FastifyRequest } from 'fastify';
import type { OpenDraft } from '../../draft/drafts.ts';
import { AppError } from '../../errors.ts';
import type { Onboarding } from '../../index.ts';
import type { DraftSurroundings } from '../json/draft.ts';
import { accountFor } from '../own-account.ts';
import { checkOptions } from '../upload/options.ts';

/** What becomes of so many rows of a draft if they are registered now; of one that was, whether its batch is there. */
export async function lookAround(
  onboarding: Onboarding,
  { draft, rows, request }: { draft: OpenDraft; rows: number; request: FastifyRequest },
): Promise<DraftSurroundings> {
  if (draft.batch !== undefined) return { isPurged: await isPurged(onboarding, draft) };
  const { account, priority } = checkOptions(draft.options);
  const forecast = async () => onboarding.forecast({ rows, priority, account: accountFor(request, account) });
  const { peer, etaSeconds } = (await orUndefined(forecast())) ?? {};
  return { peer, etaSeconds };
}

/** @returns true if there was such a batch and is none any more; undefined otherwise, and while nobody knows */
export async function isPurged(
  onboarding: Onboarding,
  { batch }: Pick<OpenDraft, 'batch'>,
): Promise<true | undefined> {
  if (batch === undefined) return undefined;
  try {
    await onboarding.accountOfBatch(batch);
  } catch (error) {
    if (error instanceof AppError) return error.code === 'BATCH_UNKNOWN' || undefined;
    throw error;
  }
  return undefined;
}

/** A draft may name an account that is not there, and Redis may be away: registering says so. */
async function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** A user or a key that is for one account sees and touches nothing of the others, and does not learn that they exist. */
import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import type { Onboarding } from '../index.ts';

/** @param asked the account that the request names. @throws AppError ACCOUNT_UNKNOWN if it is not that of the user */
export function accountFor({ user }: FastifyRequest, asked?: string): string | undefined {
  const own = user?.account;
  if (own === undefined || asked === undefined || asked === own) return own ?? asked;
  throw new AppError('ACCOUNT_UNKNOWN', `There is no account "${asked}" for ${user?.name}.`);
}

/** A hook for routes of one batch. */
export function keepToOwnBatches(onboarding: Pick<Onboarding, 'accountOfBatch'>) {
  return async ({ user, params }: FastifyRequest): Promise<void> => {
    const { id } = params as { id: string };
    await requireOwnBatch(onboarding, user?.account, id);
  };
}

/** @throws AppError BATCH_UNKNOWN, as if there were no such batch */
export async function requireOwnBatch(
  onboarding: Pick<Onboarding, 'accountOfBatch'>,
  account: string | undefined,
  batchId: string,
): Promise<void> {
  if (account === undefined) return;
  if ((await onboarding.accountOfBatch(batchId)) !== account)
    throw new AppError('BATCH_UNKNOWN', `There is no batch ${batchId}.`);
}

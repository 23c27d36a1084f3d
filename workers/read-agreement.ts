/** Reads the agreement of a row. */
import { readKnownStore } from '../src/agreement/known-store.ts';
import { AppError } from '../src/errors.ts';
import { testStore } from './machine-tests.ts';
import type { StepRun } from './step.ts';

/**
 * @throws AppError AGREEMENT_LOST; STORE_UNREACHABLE for this file only. If the store as a whole is not there, or is
 *   another one, that says nothing about the row: then the class of the error is `machine`
 */
export async function readAgreement({ account }: StepRun, sha256: string): Promise<Buffer> {
  try {
    return await account.store.get(sha256);
  } catch (error) {
    await testStore(account).catch((cause: unknown) => {
      if (!(cause instanceof AppError)) throw cause;
      const { code, message, hint } = cause;
      throw new AppError(code, message, { class: 'machine', hint, cause });
    });
    throw await withOrigin(account, error);
  }
}

/** Here is a copy of the store that an import used: a person needs to know of both places. */
async function withOrigin({ redis, account, store }: StepRun['account'], error: unknown): Promise<unknown> {
  if (!(error instanceof AppError) || error.code !== 'AGREEMENT_LOST') return error;
  const known = await readKnownStore({ redis, account: account.ledger });
  if (known === undefined || known.place === store.place) return error;
  const message = `${error.message} The account began to keep its agreements in ${known.place}.`;
  return new AppError('AGREEMENT_LOST', message, { cause: error });
}

/** Reads the agreement of a row. */
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
    throw error;
  }
}

/** Changes that are only confirmed once Redis cannot forget them. */
import type { Writes } from '../redis/durable.ts';
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccount } from './open-ledger.ts';

type Lasting = Pick<LedgerAccount, 'account' | 'durable'>;

/** To be called before writing. @throws AppError REDIS_NOT_DURABLE if this Redis may forget and that is refused */
export function beginWrites({ account, durable }: Lasting): Promise<Writes> {
  return durable.begin(accountKeys(account.name).durable);
}

/**
 * Makes a change and waits until it cannot be forgotten.
 * @throws AppError NOT_DURABLE_YET if that cannot be told; whatever the change throws
 */
export async function durably<Open extends Lasting, Result>(
  open: Open,
  change: (open: Open) => Promise<Result>,
): Promise<Result> {
  const writes = await beginWrites(open);
  const result = await change(open);
  await writes.confirm();
  return result;
}

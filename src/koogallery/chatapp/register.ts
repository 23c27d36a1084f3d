/** From the complete data of a purchase to a row of the main job: once, however often it is asked for. */
import { createHash } from 'node:crypto';
import { type AgreementStore, sha256Of } from '../../agreement/store.ts';
import { addCustomer } from '../../batch/add-customer.ts';
import { readGeneration } from '../../batch/current-observation.ts';
import { INPUT_FIELDS } from '../../customer/fields.ts';
import type { RowProblem } from '../../customer/validate.ts';
import { AppError } from '../../errors.ts';
import { decisionAbout } from '../../ledger/review.ts';
import { durablyNew } from '../../onboarding/durably.ts';
import type { OpenAccount } from '../../onboarding/open-account.ts';
import type { CustomerRow, Instance } from '../registry/instance-record.ts';
import type { CompleteData } from './collect-data.ts';
import type { DataProblem } from './customer-data.ts';

export type Added =
  | { verdict: 'added'; customer: CustomerRow }
  /** The customer is being sent with other data. */
  | { verdict: 'busy' }
  | { verdict: 'refused'; problems: DataProblem[] };

/** Names the data of a purchase: other data, or the same ones given once more by the buyer, are to be sent as well. */
export function dataKeyOf(
  slug: string,
  { id, formAt = 0, dataNumber }: Pick<Instance, 'id' | 'formAt' | 'dataNumber'>,
  { customer, agreement }: CompleteData,
): string {
  const values = INPUT_FIELDS.map((field) => (field === 'IsvTerms' ? '' : customer[field]));
  const all = [slug, id, formAt, dataNumber, ...values, sha256Of(agreement.content)];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

/**
 * Returns when Redis cannot forget the row any more.
 * @param requestKey by which a repetition finds it
 * @throws AppError NOT_DURABLE_YET, REDIS_NOT_DURABLE, STORE_…, BATCH_STATE
 */
export async function addToStream(
  account: OpenAccount & { store: AgreementStore },
  { slug, requestKey, data }: { slug: string; requestKey: string; data: CompleteData },
): Promise<Added> {
  const problems: RowProblem[] = [];
  const by = `koogallery ${slug}`;
  const onInvalid = (found: readonly RowProblem[]) => void problems.push(...found);
  const order = { ...data, by, source: by, requestKey, onInvalid };
  try {
    const { batchId, row } = await durablyNew(account, (open) => addCustomer(open, order));
    return { verdict: 'added', customer: { account: account.account.name, batch: batchId, row } };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'INPUT_INVALID') throw error;
    if (problems.every(({ code }) => code === 'CUSTOMER_BUSY')) return { verdict: 'busy' };
    return { verdict: 'refused', problems: problems.map(problemOf) };
  }
}

/** The row by which a customer is registered already, unless that was with another peer, or its review has failed. */
export async function findRegistered(
  account: OpenAccount,
  custSpaceId: string,
): Promise<CustomerRow | undefined> {
  if (custSpaceId === '') return undefined;
  const { submitted, decisions } = await account.ledger.readCustomer(custSpaceId);
  if (submitted === undefined || submitted.generation !== (await readGeneration(account))) return undefined;
  if (decisionAbout(submitted, decisions)?.as === 'rejected') return undefined;
  const { batchId, row } = submitted.place;
  return { account: account.account.name, batch: batchId, row };
}

function problemOf({ column = '', code }: RowProblem): DataProblem {
  const field = INPUT_FIELDS.find((name) => column.startsWith(`${name} `));
  return field === undefined ? { code } : { field, code };
}

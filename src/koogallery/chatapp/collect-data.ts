/** All that is known of the customer that a purchase becomes, its agreement included. */
import type { GivenAgreement } from '../../agreement/one-agreement.ts';
import type { AgreementStore } from '../../agreement/store.ts';
import type { Customer, InputField } from '../../customer/fields.ts';
import type { CustomerMapping } from '../../onboarding/koogallery-chatapp.ts';
import { openForm, type SubmittedForm } from '../form/form-record.ts';
import type { Instance } from '../registry/instance-record.ts';
import type { Seal } from '../seal.ts';
import { type FoundAgreement, findFile, findTyped } from './agreement-file.ts';
import { collectFields, type DataProblem } from './customer-data.ts';
import { type Purchase, purchaseOf } from './purchase.ts';

export interface CompleteData {
  customer: Customer;
  agreement: GivenAgreement;
}

export interface CollectedData {
  /** As they would be sent, good or not; empty where nothing is known. */
  customer: Customer;
  /** Fields; `IsvTerms` is the agreement. */
  missing: InputField[];
  problems: DataProblem[];
  /** What an operator could look after, for people. */
  why?: string | undefined;
  /** Absent if something is missing or cannot be used. */
  complete?: CompleteData;
}

export interface Collecting {
  mapping: CustomerMapping;
  instance: Instance;
  seal: Seal;
  store: AgreementStore;
}

/** @throws AppError CONFIG_INVALID if no key opens what is sealed; STORE_UNREACHABLE */
export async function collectData({ mapping, instance, seal, store }: Collecting): Promise<CollectedData> {
  const purchase = purchaseOf(instance, seal);
  const typed = openForm(seal, instance.form);
  const fields = collectFields(mapping, purchase, typed?.fields);
  const found = await findAgreement({ mapping, purchase, typed, store });
  const { customer } = fields;
  const missing = found.state === 'missing' ? [...fields.missing, 'IsvTerms' as const] : fields.missing;
  const problems: DataProblem[] =
    found.state === 'bad' ? [...fields.problems, { field: 'IsvTerms', code: found.code }] : fields.problems;
  const why = found.state === 'missing' ? found.why : undefined;
  if (missing.length > 0 || problems.length > 0 || found.state !== 'found')
    return { customer, missing, problems, why };
  return { customer, missing, problems, complete: { customer, agreement: found.agreement } };
}

interface Finding {
  mapping: CustomerMapping;
  purchase: Purchase;
  typed: SubmittedForm | undefined;
  store: AgreementStore;
}

/** What the buyer gave counts for more than what lies on this machine. */
async function findAgreement({ mapping, purchase, typed, store }: Finding): Promise<FoundAgreement> {
  if (typed?.agreement !== undefined) return findTyped(typed.agreement, store);
  return mapping.agreement === undefined ? { state: 'missing' } : findFile(mapping.agreement, purchase);
}

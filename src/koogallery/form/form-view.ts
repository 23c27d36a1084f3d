/** What a buyer is shown of an instance at its form. Pure. */
import type { InputField } from '../../customer/fields.ts';
import { addressesOf, type OpenChannel } from '../channels.ts';
import type { Instance } from '../registry/instance-record.ts';
import type { Task } from '../registry/task-record.ts';
import { isSealed } from '../seal.ts';
import { askedFields } from './check-form.ts';

/**
 * `preparing`: nobody has looked yet at what the order says. `open`: to be filled in. `paused`: it would be open, but the
 * marketplace has frozen the instance. `received`: being registered. `registered`: done. `failed`: refused, and not for
 * what was typed, so the seller has to look at it. `ended`: released.
 */
export const FORM_STATES = [
  'preparing',
  'open',
  'paused',
  'received',
  'registered',
  'failed',
  'ended',
] as const;
export type FormState = (typeof FORM_STATES)[number];

export interface FormView {
  state: FormState;
  /** Of the order, for people. */
  orderId?: string | undefined;
  /** Name of the buyer at the marketplace. */
  buyer?: string | undefined;
  /** What is to be filled in; empty unless it is open. */
  asked: InputField[];
  /** Why what was typed before was refused. */
  problems: { field?: string | undefined; code: string }[];
  /** Where the buyer goes on, once registered. */
  next?: string | undefined;
}

/** @param create the task that makes it usable */
export function viewForm(
  channel: Pick<OpenChannel, 'frontEndUrl'>,
  instance: Instance,
  create: Pick<Task, 'state'> | undefined,
): FormView {
  const state = stateOf(instance, create);
  const { missing = [], problems = [], orderId, buyer = {} } = instance;
  const { customerName } = buyer;
  const isOpen = state === 'open';
  return {
    state,
    ...{ orderId, buyer: customerName !== undefined && isSealed(customerName) ? undefined : customerName },
    asked: isOpen ? askedFields(missing, problems) : [],
    problems: isOpen ? problems : [],
    ...(state === 'registered' && { next: addressesOf(channel, instance.id).frontEndUrl }),
  };
}

function stateOf(instance: Instance, create: Pick<Task, 'state'> | undefined): FormState {
  const { wanted, refusal, missing, form, customer } = instance;
  if (wanted === 'released') return 'ended';
  if (create?.state === 'done') return 'registered';
  if (refusal !== undefined || create?.state === 'refused') return 'failed';
  if (missing !== undefined) return wanted === 'active' ? 'open' : 'paused';
  return form !== undefined || customer !== undefined ? 'received' : 'preparing';
}

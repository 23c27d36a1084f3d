/** An instance and its tasks as people and programs are shown them: nothing that is sealed, and no field of a call. Pure. */
import type { CustomerRow, Instance, InstanceKind } from './registry/instance-record.ts';
import type { InstanceState } from './registry/instance-state.ts';
import type { Task } from './registry/task-record.ts';
import { isSealed } from './seal.ts';

/** Times are in milliseconds since 1970. */
export interface InstanceView {
  channel: string;
  id: string;
  kind: InstanceKind;
  state: InstanceState;
  createdAt: number;
  readyAt?: number | undefined;
  expireAt?: number | undefined;
  orderId?: string | undefined;
  orderLineId?: string | undefined;
  productId?: string | undefined;
  skuCode?: string | undefined;
  /** Ids and names; no address and no number. */
  buyer?: Record<string, string> | undefined;
  /** Why its create was refused. */
  refusal?: string | undefined;
  /** What its buyer has to tell, by the names of a customer's fields; `IsvTerms` is the agreement. */
  missing?: string[] | undefined;
  /** Why what was told cannot be used; without a field, it is about all of it. */
  problems?: { field?: string | undefined; code: string }[] | undefined;
  /** The row of the main job that it has become. */
  customer?: CustomerRow | undefined;
  /** Tasks that were refused for good, whatever its state. */
  refused: number;
  /** Of its newest task. */
  version: number;
  /** All tasks up to this version are over. */
  settled: number;
}

/** A task of an instance, without what it is to be done with. */
export type TaskView = Omit<Task, 'fields' | 'productId' | 'skuCode' | 'order'>;

export function viewInstance(channel: string, instance: Instance): InstanceView {
  const { id, kind, state, createdAt, readyAt, expireAt, version, settled } = instance;
  const { orderId, orderLineId, productId, skuCode, refusal, refused, buyer = {} } = instance;
  const { customer } = instance;
  // Whatever its worker has still to do: nobody has to tell anything for what is released.
  const { missing, problems } = state === 'released' ? {} : instance;
  const open = Object.entries(buyer).filter(([, value]) => !isSealed(value));
  return {
    ...{ channel, id, kind, state, createdAt, readyAt, expireAt },
    ...{ orderId, orderLineId, productId, skuCode },
    ...(open.length > 0 && { buyer: Object.fromEntries(open) }),
    ...{ refusal, missing, problems: problems?.length ? problems : undefined, customer },
    ...{ refused, version, settled },
  };
}

export function viewTask(all: Task): TaskView {
  const { fields: _fields, productId: _product, skuCode: _sku, order: _order, ...task } = all;
  return task;
}

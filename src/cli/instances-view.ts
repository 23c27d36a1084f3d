/** Instances, tasks and calls of a channel as tables for people. Pure. */
import type { AuditedCall, InstanceView, TaskView } from '../index.ts';
import { renderTable } from '../text.ts';

export const shortTime = (at: number | undefined): string =>
  at === undefined ? '' : `${new Date(at).toISOString().slice(0, 19)}Z`;

export function renderInstances(instances: readonly InstanceView[]): string {
  const header = ['instance', 'state', 'created', 'ready', 'expires', 'order', 'tasks left', 'refused'];
  const lines = instances.map((instance) => [
    ...[instance.id, instance.state, shortTime(instance.createdAt), shortTime(instance.readyAt)],
    ...[shortTime(instance.expireAt), instance.orderId ?? ''],
    ...[String(instance.version - instance.settled), String(instance.refused || '')],
  ]);
  return renderTable([header, ...lines]);
}

export function renderStory(instance: InstanceView, tasks: readonly TaskView[]): string {
  const { id, channel, state, createdAt, readyAt, expireAt, orderId, productId, refusal, refused, buyer } =
    instance;
  const { missing, problems, customer } = instance;
  const facts = Object.entries({
    instance: id,
    channel,
    state,
    created: shortTime(createdAt),
    ready: shortTime(readyAt),
    expires: shortTime(expireAt),
    order: orderId,
    product: productId,
    buyer: buyer && Object.values(buyer).join(', '),
    'waits for': missing?.join(', '),
    'cannot be used': problems?.map(({ field = 'all of it', code }) => `${field} (${code})`).join(', '),
    customer: customer && `row ${customer.row} of batch ${customer.batch}, account ${customer.account}`,
    'create refused': refusal,
    'tasks refused': refused > 0 ? String(refused) : undefined,
  }).flatMap(([name, value]) => (value ? [[`${name}:`, value]] : []));
  const header = ['version', 'task', 'state', 'asked', 'attempts', 'last tried', 'next', 'over', 'reason'];
  const lines = tasks.map((task) => [
    ...[String(task.version), task.type, task.state, shortTime(task.at), String(task.attempts)],
    ...[shortTime(task.triedAt), shortTime(task.nextAt), shortTime(task.endedAt)],
    [task.reason, task.retriedBy && `brought back by ${task.retriedBy}`].filter(Boolean).join('; '),
  ]);
  return `${renderTable(facts)}\n\n${renderTable([header, ...lines])}`;
}

export function renderCalls(calls: readonly AuditedCall[]): string {
  const header = ['at', 'activity', 'code', 'test', 'instance', 'order', 'verdict', 'reason', 'ms'];
  const lines = calls.map(({ at, activity, code, isTest, facts }) => [
    ...[shortTime(at), activity, code, isTest ? 'test' : ''],
    ...[facts.instance || facts.instanceId || '', facts.orderId ?? '', facts.verdict ?? ''],
    ...[[facts.reason, facts.fields].filter(Boolean).join(': '), facts.ms ?? ''],
  ]);
  return renderTable([header, ...lines]);
}

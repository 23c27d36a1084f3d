/** `queryInstance`: what buyers see of their instances, answered from what is stored. */
import { addressesOf, type OpenChannel, sellsByUse } from '../channels.ts';
import {
  type Answer,
  type AppInfo,
  type InstanceView,
  queriedAnswerV1,
  queriedAnswerV2,
  resultAnswer,
  type UsageFigure,
} from '../protocol/answers.ts';
import type { FieldCipher } from '../protocol/sensitive-field.ts';
import { openAccess } from '../registry/access.ts';
import type { Instance } from '../registry/instance-record.ts';
import { readInstances } from '../registry/read-instance.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import type { Seal } from '../seal.ts';
import { isUsableId } from './change-of.ts';

/** What was used of an instance: one figure in all, or one for each charge item of a package. Nothing known: none. */
export type UsageOf = (channel: OpenChannel, instance: Instance) => Promise<readonly UsageFigure[]>;

export interface QueryTerms {
  access: ChannelAccess;
  channel: OpenChannel;
  seal: Seal;
  cipher: FieldCipher;
  usageOf: UsageOf;
  now: Date;
}

/**
 * Of several, those that can be told; only if there are none, why. V2.0 asks again while an instance is being opened, and
 * V1.0 knows no such time. One whose create was refused for good does not exist: `000104`, which says so of a create, is no
 * documented answer to a query.
 */
export async function answerQuery(ids: readonly string[], terms: QueryTerms): Promise<Answer> {
  const isV1 = terms.channel.generation === 'saas-v1';
  const found = await readInstances(terms.access, ids.filter(isUsableId));
  const known = found.flatMap((each) => (each && isAlive(each) ? [each] : []));
  const ready = known.filter(({ readyAt }) => isV1 || readyAt !== undefined);
  if (ready.length === 0) return resultAnswer(known.some(isOpening) ? '000004' : '000003');
  const views = await Promise.all(ready.map((instance) => viewOf(instance, terms)));
  return isV1 ? queriedAnswerV1(views, terms.cipher) : queriedAnswerV2(views);
}

/** What a buyer is told of how to reach an instance: what was stored, and else the addresses of the channel. */
export function appInfoOf(
  { id, access }: Pick<Instance, 'id' | 'access'>,
  { channel, seal }: Pick<QueryTerms, 'channel' | 'seal'>,
): AppInfo {
  const known = { ...addressesOf(channel, id), ...openAccess(seal, access) };
  return { ...known, frontEndUrl: known.frontEndUrl ?? '' };
}

function isAlive({ kind, state }: Instance): boolean {
  return kind !== 'order' && state !== 'released';
}

function isOpening({ readyAt, refusal }: Instance): boolean {
  return readyAt === undefined && refusal === undefined;
}

async function viewOf(instance: Instance, terms: QueryTerms): Promise<InstanceView> {
  const { channel, usageOf, now } = terms;
  const view = { instanceId: instance.id, appInfo: appInfoOf(instance, terms) };
  if (!sellsByUse(channel)) return view;
  const usage = await usageOf(channel, instance);
  return { ...view, usage: usage.length > 0 ? usage : [{ value: 0, at: now }] };
}

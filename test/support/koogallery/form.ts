/** The form of a channel in the Redis of the run, and instances that wait for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDirectoryStore } from '../../../src/agreement/store.ts';
import { INPUT_FIELDS } from '../../../src/customer/fields.ts';
import { BuyerForm, type BuyerFormOptions } from '../../../src/koogallery/form/buyer-form.ts';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { beginTask } from '../../../src/koogallery/lifecycle/begin-task.ts';
import { endTask } from '../../../src/koogallery/lifecycle/end-task.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { Durable } from '../../../src/redis/durable.ts';
import { makePdf } from '../pdf.ts';
import { creation, doChange, makeChannel } from './registry.ts';
import { channelOf } from './webhook.ts';

export const TYPED = {
  CustSpaceId: 'C100001',
  CustName: '示例贸易 & Söhne',
  OfficeAddress: '1 Main Street, Singapore',
  ContactMail: 'person@customer.example',
  CountryId: 'sg',
  BusinessDesc: 'Order updates',
};

export const AGREEMENT = { name: 'signed.pdf', content: makePdf(['Signed']) };

export async function openTestForm(more: Partial<BuyerFormOptions> = {}) {
  const access = makeChannel();
  const folder = await mkdtemp(join(tmpdir(), 'onboard-form-'));
  const durable = new Durable(access.redis);
  onTestFinished(async () => {
    durable.close();
    await rm(folder, { recursive: true, force: true });
  });
  const channel = channelOf(access.slug, 'https://unused.example');
  const store = createDirectoryStore(folder);
  const nudged: string[] = [];
  const form = new BuyerForm({
    ...{ channel, redis: access.redis, durable, durability: 'relaxed' },
    store: async () => store,
    nudge: (_channel, id, version) => void nudged.push(`${id} v${version}`),
    ...more,
  });
  return { access, channel, store, nudged, form };
}

/** An instance that was looked at, and waits for these. */
export async function makeWaiting(
  access: ChannelAccess,
  id = 'i',
  missing: readonly string[] = INPUT_FIELDS,
): Promise<void> {
  await doChange(access, creation(id, { orderKey: `order of ${id}`, set: { orderId: `O-${id}` } }));
  await endAttempt(access, id);
  await access.redis.hset(channelKeys(access.slug).instance(id), {
    missing: JSON.stringify(missing),
    readyAt: '1',
  });
}

/** An attempt at its next task that ends with another one far away. */
async function endAttempt(access: ChannelAccess, id: string): Promise<void> {
  const beginning = await beginTask(access, id, 15_000);
  if (beginning.verdict !== 'begun') throw new Error(`not begun: ${beginning.verdict}`);
  const ending = { outcome: 'later', reason: 'waits', delayMs: 3_600_000, isAlive: true } as const;
  await endTask(access, beginning.begun, ending);
}

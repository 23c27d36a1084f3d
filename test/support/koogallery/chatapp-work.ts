/** The work of a channel whose purchases become customers, in this process, without anybody who sends their rows. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenChannel } from '../../../src/koogallery/channels.ts';
import { sealForm } from '../../../src/koogallery/form/form-record.ts';
import { submitForm } from '../../../src/koogallery/form/submit-form.ts';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import type { ChatAppWay } from '../../../src/koogallery/lifecycle/chatapp-way.ts';
import { workByChatApp } from '../../../src/koogallery/lifecycle/chatapp-work.ts';
import { InstanceWork } from '../../../src/koogallery/lifecycle/instance-work.ts';
import { retryTasks } from '../../../src/koogallery/lifecycle/retry-tasks.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { type Seal, sealOf } from '../../../src/koogallery/seal.ts';
import { createLogger } from '../../../src/logger.ts';
import type { CustomerMapping } from '../../../src/onboarding/koogallery-chatapp.ts';
import type { OpenAccount } from '../../../src/onboarding/open-account.ts';
import { openStoreOf } from '../../../src/onboarding/open-store.ts';
import { makePdf } from '../pdf.ts';
import { uniqueName } from '../redis.ts';
import { createWorld, type World } from '../world.ts';
import { creation, doChange } from './registry.ts';
import { channelOf } from './webhook.ts';

const FIELDS = {
  CustSpaceId: 'buyer.customerId',
  CustName: 'buyer.customerName',
  OfficeAddress: { text: '1 Main Street' },
  ContactMail: 'extend.mail',
  CountryId: { text: 'SG' },
  BusinessDesc: { text: 'Order updates' },
};
const BUYER = { customerId: 'C1', customerName: '示例 & Söhne' };

interface DeskOptions {
  mapping?: Partial<CustomerMapping>;
  channel?: Partial<OpenChannel>;
}

export async function openDesk({ mapping, channel: changes }: DeskOptions = {}) {
  const world = await createWorld();
  const folder = join(world.folder, 'signed');
  await mkdir(folder);
  const access = { redis: world.redis, slug: uniqueName() };
  const agreement = join(folder, '{buyer.customerId}.pdf');
  const provision = {
    ...({ kind: 'chatapp', account: world.account.name, fields: FIELDS, agreement } as const),
    ...{ formUrl: 'https://isv.example/form/x', ...mapping },
  };
  const channel = { ...channelOf(access.slug, ''), ...changes, provision };
  const seal = sealOf(channel);
  const desk = { world, access, channel, seal, folder };
  return {
    ...desk,
    workOn: (id: string, account?: OpenAccount) => workOn(desk, id, account),
    instance: (id = 'i') => readInstance(access, id),
    create: async (id = 'i') => (await readTasks(access, id))[0],
    sign: (name = 'C1', content: Buffer = makePdf([name])) => writeFile(join(folder, `${name}.pdf`), content),
    /** Somebody buys. */
    buy: (id = 'i', buyer: object = BUYER, mail = 'person@customer.example') => {
      const fields = { extendParams: [{ name: 'mail', value: seal.seal(mail) }] };
      const set = { buyer: JSON.stringify(buyer), order: JSON.stringify(fields), orderId: `o-${id}` };
      return doChange(access, creation(id, { orderKey: `order ${id}`, set }));
    },
    /** The time of the next attempt has come. */
    hasten: async (id = 'i') => {
      await retryTasks(access, { id, by: 'test' });
      await workOn(desk, id);
    },
    /** What the form does. */
    type: async (fields: Record<string, string>, id = 'i') => {
      const before = (await readInstance(access, id))?.formAt;
      return submitForm(access, { id, before, form: sealForm(seal, { fields }) });
    },
    /** How many wait for whom. */
    waiting: async () => {
      const { opening, waiting } = channelKeys(access.slug);
      return { work: await world.redis.zcard(opening), buyer: await world.redis.zcard(waiting) };
    },
    rows: () => rowsIn(world),
  };
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

interface Parts {
  world: World;
  access: ChannelAccess;
  channel: ChatAppWay['channel'];
  seal: Seal;
}

/** @param account and its connection; by default those of the world */
async function workOn(
  { world, access: { slug }, channel, seal }: Parts,
  id: string,
  account: OpenAccount = world.open,
): Promise<void> {
  const { redis, durable } = account;
  const access = { redis, slug };
  const store = () => openStoreOf(account, world.environment);
  const way = { access, channel, seal, proxy: undefined, now: Date.now, account, store };
  const work = new InstanceWork({
    ...{ access, durable, durability: 'relaxed', logger: createLogger('silent') },
    stopping: new AbortController().signal,
    work: (attempt) => workByChatApp(way, attempt),
  });
  await work.workOn(id);
}

async function rowsIn({ open }: World) {
  const batches = await open.ledger.listBatches(9);
  const rows = [];
  for (const { id } of batches) for await (const row of open.ledger.iterateRows(id)) rows.push(row);
  return rows;
}

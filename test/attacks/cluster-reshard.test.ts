/** A slot that moves to another node while work goes on: scripts wait, instead of working with half of what there is. */
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { recordUsage } from '../../src/koogallery/usage/record.ts';
import { createBatch } from '../../src/ledger/create-batch.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { channelPrefix, ledgerKey } from '../../src/redis/keys.ts';
import { creation, doChange } from '../support/koogallery/registry.ts';
import { makeUsage } from '../support/open-apis.ts';
import { uniqueName } from '../support/redis.ts';
import { startCluster } from '../support/redis-servers.ts';
import { beginSlotMove } from '../support/slot-move.ts';

async function connectCluster() {
  const { url } = await startCluster();
  const redis = connectRedis(url, { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  return { url, redis, name: uniqueName() };
}

/** What is done twice, the second time while the slot moves. */
async function expectOnce<T>(
  { url, key }: { url: string; key: string },
  act: () => Promise<T>,
): Promise<[first: T, second: T]> {
  const first = await act();
  const move = await beginSlotMove(url, key);
  const second = act();
  let isOver = false;
  second
    .catch(() => undefined)
    .finally(() => {
      isOver = true;
    });
  await expect.poll(async () => isOver || (await move.isMet())).toBe(true);
  await move.finish();
  return [first, await second.catch(act)];
}

describe.skipIf(!inject('hasRedisServer'))('while its slot moves', () => {
  it('a channel makes no second instance of an order', async () => {
    const { url, redis, name: slug } = await connectCluster();
    let made = 0;
    const buy = () => doChange({ redis, slug }, creation(`business-${++made}`));
    const [first, second] = await expectOnce({ url, key: channelPrefix(slug) }, buy);
    expect(second).toMatchObject({ verdict: 'repeated', id: first.id });
  });

  it('usage is recorded once', async () => {
    const { url, redis, name: slug } = await connectCluster();
    const record = () => recordUsage({ redis, slug }, [makeUsage('i', 1)], { by: 'test' });
    const [, second] = await expectOnce({ url, key: channelPrefix(slug) }, record);
    expect(second).toMatchObject([{ verdict: 'repeated' }]);
  });

  it('a ledger makes no second batch of the same rows', async () => {
    const { url, redis, name: account } = await connectCluster();
    let made = 0;
    const facts = {
      kind: 'import',
      name: 'n',
      source: 's',
      sourceKey: 'same',
      by: 'test',
      details: '',
      priority: 0,
    } as const;
    const begin = () =>
      createBatch(
        { redis, account },
        { id: `b-${++made}`, ...facts, columns: [], fieldColumns: [], maxFailures: 0 },
      );
    const [first, second] = await expectOnce({ url, key: ledgerKey(account) }, begin);
    expect(second).toEqual({ id: first.id, isNew: false });
  });
});

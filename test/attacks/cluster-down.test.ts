/** A cluster that is down for a while, as it is from the death of a node until its replica has been promoted. */
import { Queue, Worker } from 'bullmq';
import { Cluster } from 'ioredis';
import { expect, inject, it, onTestFinished } from 'vitest';
import { connectRedis, type RedisClient } from '../../src/redis/connect.ts';
import { withManners } from '../../src/redis/manners.ts';
import { uniqueName } from '../support/redis.ts';
import { askServer, type Server, startCluster } from '../support/redis-servers.ts';

/** @returns the node that has the key, which nobody would replace */
async function connectToCluster(key: string) {
  const { url, addReplica } = await startCluster();
  const { master, replica } = await addReplica(key);
  await replica.kill();
  const redis = connectRedis(url, { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  await nextOf(redis, 'ready');
  return { url, node: master, redis };
}

/** Resolves when the other nodes know that the cluster is down without this one. */
async function takeDown(url: string, node: Server): Promise<void> {
  await node.kill();
  const others = portsOf(url).filter((port) => port !== node.port);
  const ask = () => Promise.all(others.map((port) => askServer(port, 'CLUSTER', 'INFO')));
  await expect
    .poll(async () => (await ask()).every((info) => info.includes('cluster_state:fail')))
    .toBe(true);
}

const portsOf = (url: string) => url.split(',').map((node) => Number(new URL(node).port));

/** Not `once` of Node, which fails at the first error of a connection. */
const nextOf = (emitter: { once(event: string, listener: () => void): unknown }, event: string) =>
  new Promise<void>((resolve) => void emitter.once(event, resolve));

it.skipIf(!inject('hasRedisServer'))('whoever connects while it is down is told so', async () => {
  const { url, node, redis } = await connectToCluster('key');
  await takeDown(url, node);
  redis.disconnect();
  await nextOf(redis, 'end');
  await expect(redis.connect()).rejects.toThrow('Connection is closed.');
  node.restart();
  // It has gone on trying by itself.
  expect(await redis.set('key', 'value')).toBe('OK');
});

it.skipIf(!inject('hasRedisServer'))('a worker that waits for jobs takes them again afterwards', async () => {
  const prefix = `{${uniqueName()}}`;
  const { url, node, redis } = await connectToCluster(prefix);
  const options = { connection: redis, prefix };
  // BullMQ gives up a wait that takes a second longer than this: the cluster is known to be down by then.
  const worker = new Worker('jobs', async () => undefined, { ...options, drainDelay: 15, autorun: false });
  worker.on('error', () => undefined);
  onTestFinished(() => worker.close(true));
  const blocking = await worker.getBackend().blockingClient;
  if (blocking === undefined) throw new Error('no connection to wait on');
  const isFoundDown = nextOf(blocking as unknown as RedisClient, 'reconnecting');
  const isWaiting = nextOf(worker, 'drained');
  void worker.run();
  await isWaiting;
  await takeDown(url, node);
  await isFoundDown;
  node.restart();
  const queue = new Queue('jobs', options);
  onTestFinished(() => queue.close());
  const job = await queue.add('job', {});
  await expect.poll(() => job.getState()).toBe('completed');
});

it.skipIf(!inject('hasRedisServer'))('a slow name server does not keep it from being met again', async () => {
  const { url } = await startCluster();
  const nodes = portsOf(url).map((port) => ({ host: 'localhost', port }));
  let lookedUp = Promise.resolve();
  const redis = withManners(
    new Cluster(nodes, {
      dnsLookup: (_name, tell) => void lookedUp.then(() => tell(null, '127.0.0.1')),
    }),
  );
  onTestFinished(() => redis.disconnect());
  await nextOf(redis, 'ready');
  await Promise.all(redis.nodes().map((node) => node.ping()));
  redis.disconnect();
  await nextOf(redis, 'end');
  // Of the connections that it leaves, one has ended by now.
  lookedUp = nextOf(redis, 'close');
  await expect(redis.connect()).rejects.toThrow('Connection is');
  await expect.poll(() => redis.status).toBe('ready');
});

/**
 * Clients sign up customers one by one while a batch is sent, and the server and then Redis are killed in between. The
 * simulator, the worker, the server and Redis are processes of their own; the clients are in this one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createLedger, type Ledger } from '../../src/ledger/ledger.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { ledgerNameOf } from '../../src/redis/keys.ts';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import type { Arrival } from '../../src/sandbox/simulator/record.ts';
import { mostInOneSecond } from '../../src/sandbox/simulator/rolling-window.ts';
import { type SignUp, type SignUps, signUp } from '../../test/support/sign-ups.ts';
import { ONBOARD } from '../ensure-built.ts';
import { type PeerProcess, startPeerProcess } from './peer-process.ts';
import { startWorker } from './processes.ts';
import { openRestartableRedis } from './restartable-redis.ts';
import { openPlace } from './stage.ts';

/** The server is killed after a third of the time, Redis after two. */
const THIRDS = 3;
const LATENCY_MS = 40;
const LOOK_EVERY_MS = 100;

export interface StormOrder {
  clients: number;
  seconds: number;
  /** Of the batch beside them. */
  rows: number;
  /** Spread of the network's delay on the way to the simulator, in milliseconds. */
  jitterMs: number;
  /** Submits before the pace is measured, and while it is measured without the clients. */
  submits: { before: number; alone: number };
  environment?: Record<string, string>;
}

/** Submits that arrived at the simulator in a part of the time. */
export interface Pace {
  perSecond: number;
  /** In any rolling second. */
  most: number;
  longestGapMs: number;
  /** Calls of both limited operations that were throttled. */
  throttled: number;
  calls: number;
}

export interface Storm extends SignUps {
  pace: {
    alone: Pace;
    /** Until Redis was killed; the server was killed in between. */
    beside: Pace;
    /** From when Redis was back. */
    after: Pace;
  };
  /** How long Redis was away, in milliseconds. */
  awayMs: number;
  /** Acknowledged, and not there as told, and only there. */
  wrong: SignUp[];
  /** Rows in the streams that were not acknowledged: each would be a customer who was added twice. */
  unacknowledged: number;
  acceptedTwice: number;
}

export async function storm(order: StormOrder): Promise<Storm> {
  const redis = await openRestartableRedis();
  const peer = await startPeerProcess({ jitterMs: order.jitterMs, latencyMs: LATENCY_MS });
  const port = String(await freePort());
  const given = { ONBOARD_DURABILITY: 'durable', HTTP_PORT: port, ...order.environment };
  const place = await openPlace(redis.url, { ...peer.environment, ...given });
  const programs: ChildProgram[] = [];
  try {
    await place.importCustomers(order.rows);
    programs.push(await startWorker(place.environment));
    const server = await serve(place.environment);
    programs.push(server);
    const restart = async () => {
      await server.kill();
      programs.push(await serve(place.environment));
    };
    const address = `http://127.0.0.1:${port}`;
    const weathered = await weather(order, { address, peer, restart, killRedis: redis.killAndStart });
    // What is there now is there after one more crash.
    await redis.killAndStart();
    const { acceptedTwice } = await peer.readSummary();
    return { ...weathered, ...(await check(redis.url, place.account, weathered.done)), acceptedTwice };
  } finally {
    await Promise.all(programs.map((program) => program.kill()));
    await Promise.all([peer.stop(), redis.close()]);
    await place.close();
  }
}

async function serve(env: NodeJS.ProcessEnv): Promise<ChildProgram> {
  const server = new ChildProgram([ONBOARD, 'serve'], { env });
  await server.says('http:', 'stdout');
  return server;
}

interface Weather {
  address: string;
  peer: PeerProcess;
  /** Kills the server, and starts another one. */
  restart(): Promise<void>;
  killRedis(): Promise<void>;
}

async function weather(
  { clients, seconds, submits }: StormOrder,
  { address, peer, restart, killRedis }: Weather,
) {
  const count = async () => (await peer.readArrivals()).length;
  const begun = await untilSubmits(peer, submits.before);
  const joined = await untilSubmits(peer, submits.before + submits.alone);
  const signingUp = signUp({ address, clients, seconds });
  await sleep((seconds * 1_000) / THIRDS);
  await restart();
  await sleep((seconds * 1_000) / THIRDS);
  const [killed, killedAt] = [await count(), performance.now()];
  await killRedis();
  const [back, awayMs] = [await count(), performance.now() - killedAt];
  const signUps = await signingUp;
  const arrivals = await peer.readArrivals();
  const pace = {
    alone: paceOf(arrivals.slice(begun, joined)),
    beside: paceOf(arrivals.slice(joined, killed)),
    after: paceOf(arrivals.slice(back)),
  };
  return { ...signUps, awayMs, pace };
}

/** @returns how many calls there were by then */
async function untilSubmits(peer: PeerProcess, wanted: number): Promise<number> {
  for (;;) {
    const arrivals = await peer.readArrivals();
    if (arrivals.filter(({ operation }) => operation === 'submit').length >= wanted) return arrivals.length;
    await sleep(LOOK_EVERY_MS);
  }
}

function paceOf(arrivals: readonly Arrival[]): Pace {
  const limited = arrivals.filter(({ operation }) => operation === 'submit' || operation === 'authorize');
  const times = limited.filter(({ operation }) => operation === 'submit').map(({ at }) => at);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return {
    perSecond: (1_000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0),
    most: mostInOneSecond(times),
    longestGapMs: Math.max(...gaps),
    throttled: limited.filter(({ answer }) => answer === 'Throttling.User').length,
    calls: limited.length,
  };
}

async function check(redisUrl: string, account: string, done: readonly SignUp[]) {
  const redis = connectRedis(redisUrl, { waitsForever: true });
  const ledger = createLedger(redis, ledgerNameOf('rehearsal', account));
  try {
    const wrong = [];
    for (const signedUp of done) if (!(await isThere(ledger, signedUp))) wrong.push(signedUp);
    const streams = [...new Set(done.map(({ batch }) => batch))];
    const totals = await Promise.all(streams.map(async (id) => (await ledger.requireBatch(id)).total));
    return { wrong, unacknowledged: totals.reduce((sum, total) => sum + total, 0) - done.length };
  } finally {
    redis.disconnect();
  }
}

/** Whether the customer has the row that was told, and no other. */
async function isThere(ledger: Ledger, { custSpaceId, batch, row }: SignUp): Promise<boolean> {
  const { rows } = await ledger.readCustomer(custSpaceId);
  const stored = await ledger.readRow(batch, row);
  const [only, ...more] = rows;
  const isOnly = only?.batchId === batch && only.row === row && more.length === 0;
  return isOnly && stored?.record.custSpaceId === custSpaceId;
}

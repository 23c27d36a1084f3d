/** The workers of one process, from start to stop: an upload and a submit worker for each account that it serves. */
import { randomUUID } from 'node:crypto';
import pTimeout from 'p-timeout';
import { startSchedules } from '../src/batch/schedule.ts';
import { AppError } from '../src/errors.ts';
import { announceChannels } from '../src/koogallery/known-channels.ts';
import { channelWatches } from '../src/koogallery/watches.ts';
import type { Logger } from '../src/logger.ts';
import type { Account } from '../src/onboarding/accounts.ts';
import { assertNoWorkersOfBefore, enterLedgers, noteSimulator } from '../src/onboarding/enter-ledger.ts';
import { closeAccount, openTracedAccount } from '../src/onboarding/open-account.ts';
import { startAlerts } from '../src/onboarding/open-alerts.ts';
import { openPeer } from '../src/onboarding/open-peer.ts';
import { openAgreementStore } from '../src/onboarding/open-store.ts';
import { describeRehearsal } from '../src/onboarding/rehearsal.ts';
import { placeOf, type Settings } from '../src/onboarding/settings.ts';
import { CallCounts } from '../src/pace/call-counts.ts';
import { CongestionWindow } from '../src/pace/congestion.ts';
import { type HeartbeatTiming, WORKING } from '../src/pace/heartbeats.ts';
import type { OutageTiming } from '../src/pace/outage.ts';
import { logTroubles } from '../src/redis/connect.ts';
import { Durable } from '../src/redis/durable.ts';
import { explainRedisError } from '../src/redis/explain.ts';
import { describePlace, openRedis } from '../src/redis/open.ts';
import { assertDurable, assertSuitableRedis } from '../src/redis/suitability.ts';
import { Heartbeat } from './heartbeat.ts';
import { openChannelWorkers } from './koogallery/open-channels.ts';
import { openUsagePushers } from './koogallery/open-pushers.ts';
import { look } from './look.ts';
import { Machine } from './machine.ts';
import { NotedSubmits } from './noted-submits.ts';
import { openWorkers } from './open-workers.ts';
import { resultsKeptOf } from './results-kept.ts';
import { nothingYet, type Running, workersOf } from './running.ts';
import { SeqWatch } from './seq-watch.ts';
import { answers, standingsOf, type Watched } from './standing.ts';
import type { WorkerAccount } from './step.ts';
import { StoreSweep } from './store-sweep.ts';
import { Upkeep } from './upkeep.ts';

/** Longest start, in milliseconds: a Redis that goes silent midway must not leave a half-started worker behind. */
const START_MS_MAX = 6_000;
const START_MS_MAX_PER_ACCOUNT = 100;
const MS_PER_SECOND = 1_000;
/** Part of the grace period that is reserved for disconnecting if Redis does not answer. */
const GOODBYE_MS = 2_500;
/** Longest wait for Redis to note that this process leaves, in milliseconds. */
const LEAVE_MS_MAX = 300;
/** Longest wait for the agreement store to note how far submits have come, in milliseconds. */
const NOTE_MS_MAX = 1_000;

/** What the workers of this process take on. */
export interface WorkersOrder {
  /** Names of the accounts to serve; all by default. */
  accounts?: readonly string[];
  /** Jobs run at a time, for each queue. */
  concurrency?: number;
}

export interface WorkersOptions {
  settings: Settings;
  /** Those that this process serves. */
  accounts: readonly Account[];
  /** Jobs run at a time, for each queue. */
  concurrency: number;
  logger: Logger;
  /** Where credentials of the type `env` are found. */
  environment: NodeJS.ProcessEnv;
  now?: () => number;
  /** Outage timing that differs from the defaults. */
  outageTiming?: Partial<OutageTiming>;
  /** Timing of heartbeats that differs from the defaults. */
  heartbeatTiming?: Partial<HeartbeatTiming>;
  random?: () => number;
}

/** Workers that run in this process. */
export interface Workers extends Watched {
  /**
   * Takes no more jobs, lets calls in progress finish, and hands the rest back. Safe to call twice. Ends within the
   * configured grace period; if Redis is away by then, jobs are left to other workers.
   */
  stop(): Promise<void>;
}

/**
 * Resolves when everything works; leaves nothing behind if it fails.
 * @throws AppError REDIS_UNSUITABLE, REDIS_UNREACHABLE, REDIS_REFUSED, REDIS_NOT_DURABLE, WORKERS_RUNNING, and those of `enterLedgers`; the
 * error of Redis if it refuses to store the schedule
 */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { settings, accounts, logger } = options;
  // A connection of its own, which waits for Redis for as long as it is away.
  const redis = await openRedis(placeOf(settings), { waitsForever: true });
  const running = nothingYet(redis);
  try {
    const warnings = await pTimeout(open(options, running), {
      milliseconds: START_MS_MAX + START_MS_MAX_PER_ACCOUNT * accounts.length,
      message: new AppError('REDIS_UNREACHABLE', 'Redis stopped answering while the workers started.'),
    });
    const rehearsal = describeRehearsal(accounts);
    if (rehearsal !== undefined) logger.info({ event: 'rehearsal' }, rehearsal);
    for (const warning of warnings) logger.warn({ event: 'redis_warning' }, warning);
  } catch (error) {
    await abandon(running);
    throw explainRedisError(error, describePlace(placeOf(settings))) ?? error;
  }
  run(running, options);

  let stopped: Promise<void> | undefined;
  return {
    stop() {
      stopped ??= stop(running, options);
      return stopped;
    },
    isRunning: () => stopped === undefined,
    isReachable: () => answers(redis),
    standings: () => standingsOf(running.accounts),
    channels: () => running.channels.map((channel) => channel.standing()),
  };
}

/** Opens everything but takes no job yet. @returns warnings about Redis */
async function open(options: WorkersOptions, running: Running): Promise<string[]> {
  const { settings, environment, random = Math.random } = options;
  const { redis, stopping, accounts, upkeeps, heartbeats, channels } = running;
  const processId = randomUUID();
  const check = await assertSuitableRedis(redis);
  assertDurable(check, settings.durability);
  const store = await openAgreementStore(settings, environment);
  running.sweep = new StoreSweep({ store, settings, redis, logger: options.logger });
  stopping.signal.throwIfAborted();
  await assertNoWorkersOfBefore(redis, options.accounts);
  await enterLedgers({ ...options, redis }, options.accounts);
  stopping.signal.throwIfAborted();
  const durable = new Durable(redis);
  const congestion = new CongestionWindow();
  for (const account of options.accounts) {
    const onSimulator = (instance: string) => noteSimulator({ ...options, redis }, account, instance);
    const peer = openPeer(account, settings, environment, onSimulator);
    const open = await openTracedAccount({ ...options, account, redis, durable, congestion, processId });
    const results = resultsKeptOf(open);
    const seqWatch = new SeqWatch();
    const noted = new NotedSubmits({ ...open, store, seqWatch });
    const machine = new Machine({ ...open, ...peer, noted });
    const ofProcess = { results, random, seqWatch, noted, calls: new CallCounts() };
    accounts.push({ ...open, ...peer, ...ofProcess, store, machine });
  }
  for (const account of accounts) {
    const opened = openWorkers(account, { redis, ...options, isHeard: () => running.hasStarted });
    running.takers.push(opened.takers);
    running.recurring.push(opened.recurring);
  }
  channels.push(...openChannelWorkers({ ...options, accounts, redis, durable, stopping: stopping.signal }));
  running.pushers.push(...openUsagePushers({ ...options, redis, durable }));
  await Promise.all(accounts.map(startSchedules));
  await Promise.all(accounts.map(({ results }) => results.start()));
  await Promise.all(workersOf(running).map((worker) => worker.waitUntilReady()));
  const everyMs = settings.workers.upkeepSeconds * MS_PER_SECOND;
  for (const account of accounts) upkeeps.push(new Upkeep({ account, everyMs }));
  for (const account of accounts)
    heartbeats.push(
      new Heartbeat({
        account,
        state: () => account.machine.describe() || WORKING,
        kind: () => account.machine.troubles.join(' ') || WORKING,
        look: () => look(account),
      }),
    );
  await Promise.all(heartbeats.map((heartbeat) => heartbeat.begin()));
  return check.warnings;
}

/** Takes jobs from now on. */
function run(running: Running, options: WorkersOptions): void {
  const { logger } = options;
  const { redis, accounts, takers, recurring, upkeeps, heartbeats } = running;
  running.hasStarted = true;
  logTroubles(redis, logger);
  for (const heartbeat of heartbeats) heartbeat.start();
  for (const worker of recurring) worker.run().catch((error: Error) => worker.emit('error', error));
  // Those of the steps take jobs once this machine is found to be fit for it.
  for (const [index, { machine }] of accounts.entries()) void machine.start(takers[index] ?? []);
  for (const service of [...upkeeps, ...running.channels, ...running.pushers]) service.start();
  running.sweep?.start();
  running.alerts = startAlerts({ ...options, openWatches: channelWatches(options) });
  const names = accounts.map(({ account }) => account.name);
  const peers = Object.fromEntries(accounts.map(({ account }) => [account.name, account.peer]));
  const slugs = options.settings.koogallery.channels.map(({ slug }) => slug);
  // A start that fails says why, and nothing else.
  void announceChannels(redis, slugs, logger);
  logger.info({ event: 'workers_started', accounts: names, peers }, 'workers are ready');
}

async function stop(running: Running, { settings, logger }: WorkersOptions): Promise<void> {
  const { stopping, accounts, upkeeps, heartbeats, redis } = running;
  const workers = workersOf(running);
  logger.info({ event: 'workers_stopping' }, 'finishing calls in progress');
  stopping.abort();
  for (const heartbeat of heartbeats) heartbeat.stopSoon();
  for (const { machine } of accounts) machine.stop();
  const closing = Promise.all([
    running.sweep?.stop(),
    running.alerts?.stop(),
    ...[...upkeeps, ...running.channels, ...running.pushers].map((service) => service.stop()),
    ...workers.map((worker) => worker.close()),
  ]);
  const graceMs = settings.workers.graceSeconds * MS_PER_SECOND;
  const isClosed = await pTimeout(
    closing.then(() => true),
    { milliseconds: Math.max(graceMs - GOODBYE_MS, graceMs / 2), fallback: () => false },
  );
  await leave(heartbeats);
  // They are waiting for an answer that will not come.
  if (!isClosed) await Promise.all(workers.map((worker) => worker.getBackend().disconnectBlocking(false)));
  if (!isClosed) await Promise.all(running.channels.map((channel) => channel.disconnect()));
  await Promise.all(accounts.map(close));
  if (isClosed) await redis.quit().catch(() => undefined);
  else redis.disconnect();
  logger.info({ event: 'workers_stopped' }, 'stopped');
}

/** The process is gone for the others once its calls have ended. A Redis that is away finds out by itself. */
async function leave(heartbeats: readonly Heartbeat[]): Promise<void> {
  const leaving = Promise.all(heartbeats.map((heartbeat) => heartbeat.stop()));
  await pTimeout(leaving, { milliseconds: LEAVE_MS_MAX, fallback: () => undefined });
}

/** Closes what a failed start has opened, without a goodbye that Redis may not hear. */
async function abandon(running: Running): Promise<void> {
  const { redis, stopping, accounts } = running;
  stopping.abort();
  for (const { machine } of accounts) machine.stop();
  await Promise.all([
    ...workersOf(running).map((worker) => worker.close(true)),
    ...running.channels.map((channel) => channel.abandon()),
  ]);
  await Promise.all(accounts.map(close));
  redis.disconnect();
}

async function close(account: WorkerAccount): Promise<void> {
  account.results.stop();
  await pTimeout(account.noted.stop(), { milliseconds: NOTE_MS_MAX, fallback: () => undefined });
  await closeAccount(account);
}

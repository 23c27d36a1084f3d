/** What the workers of one process have opened so far. */
import type { Worker } from 'bullmq';
import type { Alerts } from '../src/notify/alerts.ts';
import type { RedisClient } from '../src/redis/connect.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { ChannelWorker } from './koogallery/channel-worker.ts';
import type { KooGalleryWork } from './koogallery/work.ts';
import type { WorkerAccount } from './step.ts';
import type { StoreSweep } from './store-sweep.ts';
import type { Upkeep } from './upkeep.ts';

export interface Running {
  redis: RedisClient;
  stopping: AbortController;
  accounts: WorkerAccount[];
  /** Of the steps: a list for each account, in the same order. */
  takers: Worker[][];
  /** Of the recurring redrive. */
  recurring: Worker[];
  upkeeps: Upkeep[];
  heartbeats: Heartbeat[];
  /** Of KooGallery. */
  channels: ChannelWorker[];
  /** These two are undefined until they are open. */
  sweep?: StoreSweep;
  koogallery?: KooGalleryWork;
  /** Undefined until jobs are taken, and where nobody is to be alerted. */
  alerts?: Alerts | undefined;
  /** Until then, errors go to the caller of `startWorkers` and nowhere else. */
  hasStarted: boolean;
}

export function nothingYet(redis: RedisClient): Running {
  return {
    redis,
    stopping: new AbortController(),
    accounts: [],
    takers: [],
    recurring: [],
    upkeeps: [],
    heartbeats: [],
    channels: [],
    hasStarted: false,
  };
}

export const workersOf = ({ takers, recurring }: Running): Worker[] => [...takers.flat(), ...recurring];

/** How the workers of this process stand, for whoever watches the process: a supervisor, a load balancer, Prometheus. */
import pTimeout from 'p-timeout';
import type { CallCount } from '../src/pace/call-counts.ts';
import type { RedisClient } from '../src/redis/connect.ts';
import type { ChannelStanding } from './koogallery/channel-worker.ts';
import { TROUBLE_KINDS, type TroubleKind } from './machine.ts';
import type { WorkerAccount } from './step.ts';

/** Longest wait for the answer to a ping, in milliseconds. */
const ANSWER_WITHIN_MS = 3_000;

/** How the workers of this process stand towards one account. */
export interface AccountStanding {
  account: string;
  /** What is wrong on this machine; while anything is, this process takes no jobs of the account. */
  troubles: Record<TroubleKind, boolean>;
  /** Since the process started. */
  calls: CallCount[];
}

/** What the workers of a process tell about themselves. */
export interface Watched {
  /** False once they were told to stop. */
  isRunning(): boolean;
  /** Whether Redis answers now, on the connection of the workers. */
  isReachable(): Promise<boolean>;
  /** One for each account; told without asking Redis. */
  standings(): AccountStanding[];
  /** One for each channel of KooGallery; told without asking Redis. */
  channels(): ChannelStanding[];
}

export function standingsOf(accounts: readonly WorkerAccount[]): AccountStanding[] {
  return accounts.map(({ account, machine, calls }) => ({
    account: account.name,
    troubles: troublesOf(machine.troubles),
    calls: calls.list(),
  }));
}

/** Whether Redis answers now. While it is away, questions would pile up on the connection, so none is asked then. */
export async function answers(redis: RedisClient): Promise<boolean> {
  if (redis.status !== 'ready') return false;
  return pTimeout(redis.ping(), { milliseconds: ANSWER_WITHIN_MS }).then(
    () => true,
    () => false,
  );
}

function troublesOf(found: readonly TroubleKind[]): AccountStanding['troubles'] {
  const troubles = TROUBLE_KINDS.map((kind) => [kind, found.includes(kind)]);
  return Object.fromEntries(troubles) as AccountStanding['troubles'];
}

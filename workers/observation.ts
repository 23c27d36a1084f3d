/**
 * Looks once a day at what the peer lists of our customers, to be shown beside their reviews. It stands outside of everything
 * that registers: it takes no slot of the pacer, because it is another operation with a pace of its own, and its failures
 * open no breaker, begin no outage and change no row.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstancePage } from '../src/alibaba/chatapp/instances.ts';
import type { Look } from '../src/ledger/observations.ts';
import { readPeer } from '../src/ledger/peer-record.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import type { Peer } from '../src/onboarding/open-peer.ts';
import { accountKeys } from '../src/redis/keys.ts';
import { redisTime } from '../src/redis/time.ts';
import { Complaints } from './complaints.ts';

const DAY_MS = 24 * 3_600_000;
const MICROSECONDS_PER_MS = 1_000;
/** Time between two calls, in milliseconds. No document states a limit of this operation. */
const CALL_EVERY_MS = 1_000;
/** Entries asked for at once. No document states the most; the peer may give fewer. */
const PAGE_SIZE = 50;
/** Pages of one look: 100,000 customers in half an hour. */
const PAGES_MAX = 2_000;

export type ObservedAccount = OpenAccount & Pick<Peer, 'chatApp' | 'readCredentials'>;

export class ObservationOfPeer {
  readonly #account: ObservedAccount;
  readonly #callEveryMs: number;
  readonly #complaints: Complaints;
  #looking: Promise<void> | undefined;

  constructor(account: ObservedAccount, callEveryMs = CALL_EVERY_MS) {
    this.#account = account;
    this.#callEveryMs = callEveryMs;
    this.#complaints = new Complaints(account.logger, 'observation_failed');
  }

  /**
   * Begins a look if one is due, or goes on with one that another process has left; does not wait for it. To be called by
   * the process that has the lease of the account.
   * @param ending aborted to leave the look to the next process, after the call in progress
   */
  begin(ending: AbortSignal): void {
    this.#looking ??= this.#complaints
      .guard('look', () => this.#look(ending))
      .finally(() => {
        this.#looking = undefined;
      });
  }

  /** Resolves once no look is in progress. */
  async ended(): Promise<void> {
    await this.#looking;
  }

  async #look(ending: AbortSignal): Promise<void> {
    const look = await this.#dueLook();
    if (look === undefined) return;
    try {
      await this.#walk(look, ending);
    } catch (error) {
      if (ending.aborted) return;
      // Not before tomorrow: an account that is refused must not be asked again and again.
      await this.#account.ledger.noteLook({ ...look, isOver: true });
      throw error;
    }
  }

  async #dueLook(): Promise<Look | undefined> {
    const { redis, ledger, account } = this.#account;
    const now = (await redisTime(redis, accountKeys(account.ledger).observing)) / MICROSECONDS_PER_MS;
    const last = await ledger.readLook();
    // The clock of Redis may have been set back since.
    const isToday = last !== undefined && Math.abs(now - last.at) < DAY_MS;
    if (!isToday) return { at: Math.floor(now), page: 1, listed: 0, isOver: false };
    return last.isOver ? undefined : last;
  }

  /** @param look is kept up to date */
  async #walk(look: Look, ending: AbortSignal): Promise<void> {
    const { ledger, redis, account, pause, logger } = this.#account;
    const generation = (await readPeer(redis, account.ledger))?.generation ?? 1;
    let before: InstancePage | undefined;
    let kept = 0;
    while (!look.isOver) {
      // Nothing is asked of an account that somebody has paused; the look goes on when it is resumed.
      if (ending.aborted || (await pause.read()) !== undefined) return;
      if (before !== undefined) await sleep(this.#callEveryMs, undefined, { signal: ending });
      const page = await this.#ask(look);
      kept += await ledger.keepObserved({ at: look.at, generation }, page.instances);
      look.listed += page.listed;
      look.isOver = isLast(look, page, before);
      await ledger.noteLook(look);
      before = page;
    }
    const { listed, page } = look;
    const counts = { listed, total: before?.total, pages: page - 1, customers: kept };
    logger.info({ event: 'observed', ...counts }, 'what the peer lists of the customers was noted');
  }

  /** The page counts as asked for before it is: a process that dies of it does not ask again. */
  async #ask(look: Look): Promise<InstancePage> {
    const { chatApp, readCredentials, ledger } = this.#account;
    const { page } = look;
    look.page += 1;
    await ledger.noteLook(look);
    return chatApp.listInstances(await readCredentials(), { page, size: PAGE_SIZE });
  }
}

/** A short page is not the last one, because the peer may give fewer than were asked for; nor is a total always there. */
function isLast({ listed, page: next }: Look, page: InstancePage, before: InstancePage | undefined): boolean {
  if (page.listed === 0 || next > PAGES_MAX) return true;
  if (page.total !== undefined) return listed >= page.total;
  // Asked for a page behind the last one, some peers give the last one again.
  return before !== undefined && JSON.stringify(page.instances) === JSON.stringify(before.instances);
}

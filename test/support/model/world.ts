/** An account of a model run: a real ledger, a peer in memory, and the processes that work on them, one statement at a time. */
import { randomBytes } from 'node:crypto';
import { createLedger, type Ledger } from '../../../src/ledger/ledger.ts';
import type { Place } from '../../../src/ledger/place.ts';
import type { RedisClient } from '../../../src/redis/connect.ts';
import { prefixOf } from '../../../src/redis/keys.ts';
import type { FactsModel } from './facts-model.ts';
import { Peer } from './peer.ts';
import { type Fact, kindOf, readSnapshot, type Snapshot } from './snapshot.ts';

/** A process of ours. Each `yield` is a point at which it may be killed, or frozen and thawed much later. */
export type Actor = AsyncGenerator<Pause, void, void>;

/** After a statement that changed nothing, nothing needs to be checked. */
export type Pause = 'only read' | undefined;

export type Success = Fact & { custSpaceId: string };

/** Is called after every statement. @throws Error if a rule does not hold */
type Check = (world: World, before: Snapshot, after: Snapshot) => void;

interface WorldOptions {
  check: Check;
  lostMax: number;
}

/** What a statement told its caller, for the rules of that step. */
export interface Notes {
  /** Rows whose jobs the caller adds now. */
  given: Set<string>;
  /** A row that was marked before its call. */
  marked?: { place: string; to: 'uploading' | 'submitting' };
}

export class World {
  readonly redis: RedisClient;
  readonly account = `model${randomBytes(5).toString('hex')}`;
  readonly ledger: Ledger;
  readonly peer = new Peer();
  readonly actors: Actor[] = [];
  /** What is decided about each batch, as the model has it. */
  readonly facts = new Map<string, FactsModel>();
  /** Successes that were written down, by customer. */
  readonly successes = new Map<string, Success[]>();
  /** Reasons for which a customer may have been sent once too often. */
  readonly excuses = new Map<string, number>();
  /** Redrives that a person wanted even of what newer data has replaced: `batch number`. */
  readonly bold = new Set<string>();
  notes: Notes = { given: new Set() };
  snapshot!: Snapshot;
  readonly history: string[] = [];
  statements = 0;

  /** Lost answers after which a submit is not sent again. */
  readonly lostMax: number;
  /** Kinds of rows that there were, for the figures. */
  readonly seen = new Set<string>();
  readonly #check: Check;

  private constructor(redis: RedisClient, { check, lostMax }: WorldOptions) {
    this.lostMax = lostMax;
    this.redis = redis;
    this.#check = check;
    this.ledger = createLedger(redis, this.account);
  }

  static async open(redis: RedisClient, options: WorldOptions): Promise<World> {
    const world = new World(redis, options);
    world.snapshot = await world.read();
    return world;
  }

  read(): Promise<Snapshot> {
    return readSnapshot(this.redis, this.account, [...this.facts.keys()]);
  }

  /** Lets a process do its next statements, and checks the ledger after each. @returns whether it goes on */
  async let(actor: Actor, steps: number): Promise<boolean> {
    for (let step = 0; step < steps; step++) {
      this.notes = { given: new Set() };
      const { done, value } = await actor.next();
      if (done) return false;
      if (value === 'only read') continue;
      this.statements++;
      const before = this.snapshot;
      this.snapshot = await this.read();
      this.#check(this, before, this.snapshot);
      for (const row of this.snapshot.rows.values()) this.seen.add(kindOf(row));
    }
    return true;
  }

  say(line: string): void {
    this.history.push(line);
  }

  give(places: Iterable<string | Place>): void {
    for (const place of places)
      this.notes.given.add(typeof place === 'string' ? place : `${place.batchId} ${place.row}`);
  }

  succeed(success: Success): void {
    const known = this.successes.get(success.custSpaceId) ?? [];
    this.peer.resolve(success.place, success.seq);
    if (known.some(({ place, seq }) => place === success.place && seq === success.seq)) return;
    this.successes.set(success.custSpaceId, [...known, success]);
  }

  excuse(custSpaceId: string): void {
    this.excuses.set(custSpaceId, (this.excuses.get(custSpaceId) ?? 0) + 1);
  }

  factsOf(batchId: string): FactsModel {
    const facts = this.facts.get(batchId);
    if (facts === undefined) throw new Error(`The model knows no batch ${batchId}.`);
    return facts;
  }

  /** Forgets the account. */
  async close(): Promise<void> {
    const keys = await this.redis.keys(`${prefixOf(this.account)}*`);
    if (keys.length > 0) await this.redis.del(...keys);
  }
}

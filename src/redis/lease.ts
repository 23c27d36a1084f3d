/** A lease: one process at a time has it, and whoever dies loses it, by the clock of Redis. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RedisClient } from './connect.ts';
import { defineScript } from './script.ts';

const resultSchema = z.object({
  isHeld: z.literal([0, 1]).transform((flag) => flag === 1),
  /** Names the start of the server that answered; empty where it does not tell. */
  runId: z.string(),
});
export type LeaseState = z.output<typeof resultSchema>;

export const leaseScript = defineScript(new URL('./lease.lua', import.meta.url), {
  decode: resultSchema.parse,
});

export interface LeaseOptions {
  key: string;
  /** How long it lasts unless it is renewed, in milliseconds. */
  holdMs: number;
}

export class Lease {
  readonly #redis: RedisClient;
  readonly #options: LeaseOptions;
  readonly #token = randomUUID();

  constructor(redis: RedisClient, options: LeaseOptions) {
    this.#redis = redis;
    this.#options = options;
  }

  /** Takes it where nobody has it, and renews it where we have it. */
  hold(): Promise<LeaseState> {
    return this.#run(this.#options.holdMs);
  }

  /** Lets another have it at once; does nothing where another has it. */
  async giveUp(): Promise<void> {
    await this.#run(0);
  }

  #run(holdMs: number): Promise<LeaseState> {
    return leaseScript.run(this.#redis, [this.#options.key], [this.#token, holdMs]);
  }
}

/** A lease: one process at a time holds it, and it expires by the clock of Redis if that process dies. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RedisClient } from './connect.ts';
import { defineScript } from './script.ts';

const resultSchema = z.object({
  isHeld: z.literal([0, 1]).transform((flag) => flag === 1),
  /** Identifies the server that answered, until it restarts; empty if it is not disclosed. */
  runId: z.string(),
});
export type LeaseState = z.output<typeof resultSchema>;

export const leaseScript = defineScript(new URL('./lease.lua', import.meta.url), {
  includes: [new URL('./run-id.lua', import.meta.url)],
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

  /** Takes it if it is free, or renews it if we hold it. */
  hold(): Promise<LeaseState> {
    return this.#run(this.#options.holdMs);
  }

  /** Frees it for others at once; does nothing if another process holds it. */
  async giveUp(): Promise<void> {
    await this.#run(0);
  }

  #run(holdMs: number): Promise<LeaseState> {
    return leaseScript.run(this.#redis, [this.#options.key], [this.#token, holdMs]);
  }
}

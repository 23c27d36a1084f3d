/** The HTTP API without a port, over a batch whose rows are moved by hand. */
import type { FastifyInstance, InjectOptions } from 'fastify';
import { inject, onTestFinished } from 'vitest';
import type { Onboarding } from '../../src/index.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import type { Transition } from '../../src/ledger/transition.ts';
import type { Role } from '../../src/onboarding/user.ts';
import { type CustomerRow, makeCustomers } from './customers.ts';
import { orderOf } from './installation.ts';
import { makeApp, openInstallation } from './pages.ts';
import { uniqueName } from './redis.ts';
import { createWorld, type World } from './world.ts';

export interface ApiBench {
  world: World;
  onboarding: Onboarding;
  app: FastifyInstance;
  /** Imports customers. @returns the id of the batch */
  importRows(rows: number | readonly CustomerRow[], more?: { name?: string; by?: string }): Promise<string>;
  /** As a worker moves a row. */
  move(batchId: string, row: number, to: Outcome, more?: Partial<Transition>): Promise<void>;
  submit(batchId: string, row: number): Promise<void>;
  fail(batchId: string, row: number, code?: string): Promise<void>;
  /** A submit whose answers were all lost. */
  park(batchId: string, row: number): Promise<void>;
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  post(url: string, payload?: InjectOptions['payload'], headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the shapes are what the tests are about.
  json: any;
  headers: Record<string, unknown>;
  body: string;
}

/** @param more of its environment */
export async function createApi({
  redisUrl,
  more = {},
}: {
  redisUrl?: string;
  more?: NodeJS.ProcessEnv;
} = {}): Promise<ApiBench> {
  const world = await createWorld(redisUrl === undefined ? {} : { redisUrl });
  const onboarding = openInstallation(world, more);
  const app = await makeApp(world, more, { onboarding });
  const { ledger } = world.open;
  const send = async (options: InjectOptions): Promise<Answer> => {
    const { statusCode, headers, body } = await app.inject(options);
    const isJson = /json/.test(String(headers['content-type'])) && body !== '';
    return { status: statusCode, headers, body, json: isJson ? JSON.parse(body) : undefined };
  };
  const take = async (batchId: string, row: number) => {
    await ledger.markRow({ batchId, row, to: 'uploading', add: { attempts: 1 } });
    await ledger.transition({ batchId, row, to: 'uploaded' });
    const { record } = await ledger.markRow({ batchId, row, to: 'submitting', patch: { token: 'token' } });
    if (record === null) throw new Error(`no row ${row}`);
    return record;
  };
  return {
    world,
    onboarding,
    app,
    async importRows(rows, order = {}) {
      const customers = typeof rows === 'number' ? makeCustomers(rows) : rows;
      return (await onboarding.import({ ...(await orderOf(world, customers)), ...order })).batchId;
    },
    move: async (batchId, row, to, changes = {}) => {
      await ledger.transition({ batchId, row, to, ...changes });
    },
    async submit(batchId, row) {
      const record = await take(batchId, row);
      await ledger.recordSuccess({ batchId, row, record, requestId: `request-${row}` });
    },
    async fail(batchId, row, code = 'AGREEMENT_LOST') {
      await take(batchId, row);
      const patch = { code, message: 'It was lost.', class: 'customer' } as const;
      await ledger.transition({ batchId, row, to: 'failed', fence: 'token', patch });
    },
    async park(batchId, row) {
      await take(batchId, row);
      const patch = { code: 'SUBMIT_OUTCOME_UNKNOWN', class: 'ambiguous' } as const;
      const lost = { patch, add: { ambiguous: 1 }, parkAt: 1 };
      await ledger.transition({ batchId, row, to: 'uploaded', fence: 'token', ...lost });
    },
    get: (url, headers = {}) => send({ url, headers }),
    post: (url, payload, headers = {}) =>
      send({ method: 'POST', url, headers, ...(payload === undefined ? {} : { payload }) }),
  };
}

/** Listens on a port of its own. @returns its address */
export async function listen(app: FastifyInstance): Promise<string> {
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  // A client may open a connection ahead of need; one without a request is none that is idle.
  onTestFinished(() => app.server.closeAllConnections());
  return address;
}

/** A database that no other test shares: a key closes the pages of all that share its Redis. */
export const ownDatabase = (number: number) => new URL(`/${number}`, inject('redisUrl')).href;

/** The header of a new key. */
export async function makeKey(
  onboarding: Onboarding,
  { name = uniqueName(), ...order }: { role: Role; account?: string; name?: string },
) {
  const keys = await onboarding.apiKeys();
  const key = await keys.add({ name, by: 'test', ...order });
  onTestFinished(() => keys.revoke(name).catch(() => undefined));
  return { name, authorization: `Bearer ${key}` };
}

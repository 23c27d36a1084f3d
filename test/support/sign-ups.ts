/** Clients that sign up customers over HTTP, one after the other, and repeat a request until it is acknowledged. */
import { setTimeout as pause } from 'node:timers/promises';
import { makeCustomer } from './customers.ts';
import { uniqueName } from './redis.ts';
import { customerParts } from './uploads.ts';

/** Between two customers of one client, and between two tries, in milliseconds: as people and programs wait. */
const BETWEEN_MS = 1_000;
const AGAIN_MS = 100;
const ANSWER_WITHIN_MS = 30_000;

export interface SignUp {
  custSpaceId: string;
  batch: string;
  row: number;
  /** From the first try to the acknowledgement, in milliseconds. */
  ms: number;
  tries: number;
}

export interface SignUpOptions {
  /** Where the server is, also after a restart. */
  address: string;
  clients: number;
  seconds: number;
}

/** @returns every customer that was acknowledged: all of those that were posted */
export async function signUp({ address, clients, seconds }: SignUpOptions): Promise<SignUp[]> {
  const end = performance.now() + seconds * 1_000;
  const done: SignUp[] = [];
  let number = 1_000_000;
  const run = async (client: number) => {
    // Not all in the same moment, or the next ones would be, too.
    await pause((client / clients) * BETWEEN_MS);
    while (performance.now() < end) {
      const began = performance.now();
      done.push(await signUpOne(address, ++number));
      await pause(Math.max(0, BETWEEN_MS - (performance.now() - began)));
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
  return done;
}

async function signUpOne(address: string, number: number): Promise<SignUp> {
  const customer = makeCustomer(number);
  const key = uniqueName();
  const began = performance.now();
  for (let tries = 1; ; tries++) {
    const answer = await post(address, customer, key);
    const ms = performance.now() - began;
    if (answer !== undefined) return { ...answer, custSpaceId: customer.CustSpaceId ?? '', ms, tries };
    await pause(AGAIN_MS);
  }
}

/** @returns undefined if it is to be tried again */
async function post(address: string, customer: ReturnType<typeof makeCustomer>, key: string) {
  const form = new FormData();
  for (const { name, filename, content } of customerParts(customer))
    if (filename === undefined) form.append(name, String(content));
    else form.append(name, new Blob([new Uint8Array(Buffer.from(content))]), filename);
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const headers = { 'idempotency-key': key };
  const url = `${address}/v1/customers`;
  const response = await fetch(url, { method: 'POST', body: form, headers, signal }).catch(() => undefined);
  const text = await response?.text().catch(() => undefined);
  if (response === undefined || text === undefined) return undefined;
  if (response.status === 202) return JSON.parse(text) as { batch: string; row: number };
  if (response.status === 409 || response.status >= 500) return undefined;
  throw new Error(`${response.status} ${text}`);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

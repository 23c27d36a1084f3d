/** Clients that sign up customers over HTTP, one after the other, and repeat a request until it is acknowledged. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { makeCustomer } from './customers.ts';
import { customerParts, encodeParts } from './uploads.ts';

/** Between two customers of one client, and between two tries, in milliseconds: as people and programs wait. */
const BETWEEN_MS = 1_000;
const AGAIN_MS = 100;
const ANSWER_WITHIN_MS = 30_000;
/** Beyond all customers of an import that runs beside them. */
const FIRST_NUMBER = 5_000_000;

export interface SignUp {
  custSpaceId: string;
  batch: string;
  row: number;
  /** From the first try to the acknowledgement, in milliseconds. */
  ms: number;
  tries: number;
}

export interface SignUps {
  /** Every customer that was posted, because each is repeated until it is acknowledged. */
  done: SignUp[];
  /** How many tries were not acknowledged, by what they got: status and code, or the error of the connection. */
  refused: Record<string, number>;
}

export interface SignUpOptions {
  /** Where the server is, also after a restart. */
  address: string;
  clients: number;
  seconds: number;
}

/** @throws Error if a request is refused in a way that repeating does not help */
export async function signUp({ address, clients, seconds }: SignUpOptions): Promise<SignUps> {
  const agent = new Agent({ keepAlive: true });
  const end = performance.now() + seconds * 1_000;
  const all: SignUps = { done: [], refused: {} };
  let number = FIRST_NUMBER;
  const run = async (client: number) => {
    // Not all in the same moment, or the next ones would be, too.
    await pause((client / clients) * BETWEEN_MS);
    while (performance.now() < end) {
      const began = performance.now();
      await signUpOne({ address, agent }, ++number, all);
      await pause(Math.max(0, BETWEEN_MS - (performance.now() - began)));
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
  agent.destroy();
  return all;
}

interface Where {
  address: string;
  agent: Agent;
}

async function signUpOne(where: Where, number: number, { done, refused }: SignUps): Promise<void> {
  const customer = makeCustomer(number);
  const { headers, payload } = encodeParts(customerParts(customer));
  const sent = { headers: { ...headers, 'idempotency-key': randomUUID() }, payload };
  const began = performance.now();
  for (let tries = 1; ; tries++) {
    const answer = await post(where, sent);
    if (typeof answer !== 'string') {
      const ms = performance.now() - began;
      done.push({ ...answer, custSpaceId: customer.CustSpaceId ?? '', ms, tries });
      return;
    }
    refused[answer] = (refused[answer] ?? 0) + 1;
    await pause(AGAIN_MS);
  }
}

/** @returns where the row is; or why it is to be tried again */
async function post(
  { address, agent }: Where,
  { headers, payload }: { headers: Record<string, string>; payload: Buffer },
): Promise<{ batch: string; row: number } | string> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const asking = request(`${address}/v1/customers`, { method: 'POST', headers, agent, signal });
  let status: number | undefined;
  let body: string;
  try {
    const answered = once(asking, 'response');
    asking.end(payload);
    const [response] = (await answered) as [IncomingMessage];
    status = response.statusCode;
    body = await text(response);
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    return code ?? name;
  }
  if (status === 202) return JSON.parse(body);
  if (status === 409 || (status ?? 0) >= 500) return `${status} ${JSON.parse(body).code}`;
  throw new Error(`${status} ${body}`);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

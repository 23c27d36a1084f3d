/**
 * What other processes ask a simulator: what it received, and to behave otherwise. No signature is needed, because it
 * listens on this machine only.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { faultRuleSchema } from './faults.ts';
import { readBody } from './read-body.ts';
import type { SimulatorState } from './state.ts';

const PREFIX = '/simulator/';
const CLIENT_ERROR = 400;

const rateSchema = z.strictObject({
  rate: z.number().min(0),
  /** Of this account only; by default, of all that have no rate of their own. */
  accessKeyId: z.string().optional(),
});

type Control = (state: SimulatorState, text: string) => unknown;

/** By method and name; each gives what is answered. */
const CONTROLS: ReadonlyMap<string, Control> = new Map<string, Control>([
  ['GET summary', ({ record }) => record.summary()],
  ['GET arrivals', ({ record }) => record.arrivals],
  ['GET accepted', ({ record }) => record.accepted],
  [
    'PUT faults',
    ({ faults, record }, text) => {
      faults.replace(z.array(faultRuleSchema).parse(JSON.parse(text)));
      return record.summary();
    },
  ],
  ['PUT rate', setRate],
  [
    'POST reset',
    (state) => {
      state.reset();
      return state.record.summary();
    },
  ],
]);

function setRate(state: SimulatorState, text: string): unknown {
  const { rate, accessKeyId } = rateSchema.parse(JSON.parse(text));
  if (accessKeyId === undefined) state.options.rate = rate;
  else {
    const account = state.accounts.get(accessKeyId);
    if (account === undefined) throw new UnknownAccount(accessKeyId);
    account.rate = rate;
  }
  return state.record.summary();
}

class UnknownAccount extends Error {
  constructor(accessKeyId: string) {
    super(`There is no account with the access key ${accessKeyId}.`);
  }
}

export const isControl = ({ url = '' }: IncomingMessage) => url.startsWith(PREFIX);

/** Answers with JSON; with 404 and the list of what can be asked, or with 400 and the reason. */
export async function handleControl(
  state: SimulatorState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = (await readBody(request)).toString();
  const { status, body } = answer(state, `${request.method} ${request.url?.slice(PREFIX.length)}`, text);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function answer(state: SimulatorState, asked: string, text: string): { status: number; body: unknown } {
  const control = CONTROLS.get(asked);
  if (control === undefined)
    return { status: 404, body: { error: `${asked} is unknown.`, known: [...CONTROLS.keys()] } };
  try {
    return { status: 200, body: control(state, text) };
  } catch (error) {
    return { status: CLIENT_ERROR, body: { error: reasonOf(error) } };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  if (error instanceof SyntaxError) return 'The body is not JSON.';
  if (error instanceof UnknownAccount) return error.message;
  throw error;
}

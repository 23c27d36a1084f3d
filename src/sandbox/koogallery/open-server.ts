/** The marketplace's side of the open APIs, on this machine: verifies every signature, and misbehaves as it is told to. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer as readAll } from 'node:stream/consumers';
import { type OpenFault, type OpenFaultInput, OpenFaults, type OpenOperation } from './open-faults.ts';
import { LicenseBook, OrderBook } from './open-orders.ts';
import {
  checkAccessKey,
  hasUsageSignature,
  type ReceivedRequest,
  type SellerKeys,
} from './open-signature.ts';
import { type OpenAnswer, UsageBook } from './open-usage.ts';

const BASE = '/api/mkp-openapi-public/global/v1';
const OLD_USAGE = '/rest/marketplace/v1/isv/usage-data';
const FILE = /^\/api\/mkp-openapi-public\/global\/v1\/market-event\/([^/]+)\/file$/;
const CLOCK_MS_MAX = 5 * 60_000;

export interface OpenApisOptions {
  sellers: readonly SellerKeys[];
  faults?: readonly OpenFaultInput[];
  /** From 0 to 1. */
  random?: () => number;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Whether usage is taken with the three headers alone; pages disagree. */
  usageNeedsAccessKey?: boolean;
}

export interface OpenCall {
  operation: OpenOperation;
  /** What it was answered: the code, or the kind of a fault without one. */
  answer: string;
}

/** Without a server of its own: another one may hand requests over to `handle`. */
export class OpenApis {
  readonly usage = new UsageBook();
  readonly orders = new OrderBook();
  readonly licenses = new LicenseBook();
  /** Uploaded files, by event. */
  readonly files = new Map<string, Buffer>();
  readonly faults: OpenFaults;
  readonly calls: OpenCall[] = [];
  readonly #options: OpenApisOptions;
  readonly #nonces = new Set<string>();

  constructor(options: OpenApisOptions) {
    this.#options = options;
    this.faults = new OpenFaults(options.faults, options.random);
  }

  readonly handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: target = '', headers } = request;
    const received = { method, target, headers, body: await readAll(request) };
    const operation = operationOf(received);
    if (operation === undefined) return send(response, { status: 404, body: {} });
    const fault = this.faults.next(operation);
    const isDone = fault === undefined || fault.kind === 'dropAfter' || fault.kind === 'hang';
    const answer = isDone ? this.#answer(operation, received) : undefined;
    const code = answer && (answer.body as Record<string, unknown>);
    this.calls.push({
      operation,
      answer: faultName(fault) ?? String(code?.error_code ?? code?.resultCode ?? 'done'),
    });
    if (fault === undefined) send(response, answer ?? { status: 500, body: {} });
    else misbehave(response, fault);
  };

  #answer(operation: OpenOperation, received: ReceivedRequest): OpenAnswer {
    const now = this.#options.now?.() ?? Date.now();
    const refusal = this.#refuse(operation, received, now);
    if (refusal !== undefined) return refusal;
    const text = received.body.toString('utf8');
    if (operation === 'usage')
      return this.usage.take(text, received.target === OLD_USAGE ? 'old' : 'new', now);
    if (operation === 'order')
      return this.orders.answer(new URL(received.target, 'http://127.0.0.1').searchParams);
    if (operation === 'file') {
      this.files.set(decodeURIComponent(FILE.exec(received.target)?.[1] ?? ''), received.body);
      return { status: 200, body: { error_code: 'MKT.0000', error_msg: 'success' } };
    }
    return this.licenses[operation](String((JSON.parse(text) as { license?: unknown }).license));
  }

  #refuse(operation: OpenOperation, received: ReceivedRequest, now: number): OpenAnswer | undefined {
    const { sellers, usageNeedsAccessKey = true } = this.#options;
    const isNewUsage = operation === 'usage' && received.target !== OLD_USAGE;
    if (!isNewUsage || usageNeedsAccessKey || received.headers.authorization !== undefined) {
      const checked = checkAccessKey(received, sellers, now);
      if ('why' in checked)
        return { status: 401, body: { error_code: checked.code, error_msg: checked.why } };
    }
    if (!isNewUsage) return undefined;
    const { ts, nonce } = received.headers;
    const isFresh = Math.abs(Number(ts) - now) <= CLOCK_MS_MAX && !this.#nonces.has(String(nonce));
    this.#nonces.add(String(nonce));
    const isSigned = sellers.some(({ key }) => hasUsageSignature(received, key));
    if (isFresh && isSigned) return undefined;
    return { status: 400, body: { error_code: 'MKT.0102', error_msg: 'Invalid body sign.' } };
  }
}

const faultName = (fault: OpenFault | undefined) => (fault?.kind === 'error' ? fault.code : fault?.kind);

function operationOf({ method, target }: ReceivedRequest): OpenOperation | undefined {
  const [path = ''] = target.split('?');
  if (method === 'GET') return path === `${BASE}/order/query` ? 'order' : undefined;
  if (path === `${BASE}/isv/usage-data` || path === OLD_USAGE) return 'usage';
  if (path === `${BASE}/license/activate`) return 'activate';
  if (path === `${BASE}/license/heartbeat`) return 'heartbeat';
  return FILE.test(path) ? 'file' : undefined;
}

function send(response: ServerResponse, { status, body }: OpenAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function misbehave(response: ServerResponse, { kind, code, status }: OpenFault): void {
  if (kind === 'error')
    send(response, { status, body: { error_code: code, resultCode: code, error_msg: 'Simulated.' } });
  else if (kind === 'html')
    response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Trouble</h1>');
  else if (kind === 'endless') response.writeHead(200).write(Buffer.alloc(2 * 1024 * 1024, ' '));
  else if (kind !== 'hang') response.destroy();
}

export interface StartedOpenApis extends OpenApis {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  stop(): Promise<void>;
}

/** @param port 0 for any */
export async function startOpenApis(options: OpenApisOptions, port = 0): Promise<StartedOpenApis> {
  const apis = new OpenApis(options);
  const server = createServer((request, response) => void apis.handle(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: chosen } = server.address() as AddressInfo;
  return Object.assign(apis, {
    origin: `http://127.0.0.1:${chosen}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

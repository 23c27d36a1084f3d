/**
 * The agents through which every call to a peer leaves: directly or through a proxy, and never with an answer without end.
 * Connections are kept for the next call, so there is one agent for each way.
 */
import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { ANSWER_BYTES_MAX, boundAnswer } from './bound-answer.ts';
import { describeProxy, type ProxySettings, proxyFor } from './proxy.ts';

/** No tunnel came about: not a byte of the call was sent. Reads like a connection that failed, because that it is. */
export class ProxyFailed extends Error {
  readonly code = 'EPROXY';
  readonly syscall = 'connect';
  /** For people. The message will not do: SDKs add the address of the call to it, with the customer in it. */
  readonly reason: string;

  constructor(proxy: string, why: string) {
    super(`connect EPROXY ${proxy} ${why}`);
    this.name = 'ProxyFailed';
    this.reason = `the proxy ${proxy} ${why}`;
  }
}

/** A tunnel that a proxy opens with CONNECT: TLS reaches through it, to the peer itself. */
class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #name: string;

  constructor(url: string) {
    super(url, { keepAlive: true });
    this.#name = describeProxy(url);
  }

  /** Only calls with TLS come here; the base class would look for it in a stack trace. */
  override isSecureEndpoint(): boolean {
    return true;
  }

  override async connect(request: ClientRequest, options: Parameters<HttpsProxyAgent<string>['connect']>[1]) {
    let status = 0;
    request.once('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      status = statusCode;
    });
    const socket: Socket = await super.connect(request, options).catch((error: NodeJS.ErrnoException) => {
      throw new ProxyFailed(this.#name, `cannot be used (${error.code ?? 'no answer to CONNECT'})`);
    });
    if (status === 200) return socket;
    socket.destroy();
    throw new ProxyFailed(this.#name, `refused the way with HTTP ${status}`);
  }
}

/**
 * How long a connection is kept for the next call, in milliseconds: less than any peer keeps it (Node's servers 5 s). One that
 * both ends close at the same moment loses the call that was just sent, and a submit must not be lost for that.
 */
const FREE_MS_MAX = 3_000;

/** What public types of an agent leave out. */
interface OpenAgent {
  addRequest(request: ClientRequest, ...rest: unknown[]): void;
  /** Node calls this when a call is over; by default the time that the peer names in its answer applies. */
  keepSocketAlive(socket: Socket): boolean;
}

const agents = new Map<string, HttpAgent>();

/**
 * @param address scheme, host and port of what is called
 * @param answerBytesMax of each answer, unpacked
 */
export function agentFor(
  address: string,
  proxy: ProxySettings | undefined,
  answerBytesMax: number = ANSWER_BYTES_MAX,
): HttpAgent {
  const through = proxy && proxyFor(address, proxy);
  const { protocol } = new URL(address);
  const way = JSON.stringify([protocol, through, answerBytesMax]);
  const known = agents.get(way) ?? createAgent(protocol, through, answerBytesMax);
  agents.set(way, known);
  return known;
}

function createAgent(protocol: string, through: string | undefined, answerBytesMax: number): HttpAgent {
  const agent =
    through !== undefined
      ? new TunnelAgent(through)
      : protocol === 'https:'
        ? new HttpsAgent({ keepAlive: true })
        : new HttpAgent({ keepAlive: true });
  const open = agent as unknown as OpenAgent;
  const addRequest = open.addRequest.bind(agent);
  open.addRequest = (request, ...rest) => {
    boundAnswer(request, answerBytesMax);
    addRequest(request, ...rest);
  };
  const keepSocketAlive = open.keepSocketAlive.bind(agent);
  open.keepSocketAlive = (socket) => {
    const isKept = keepSocketAlive(socket);
    if (isKept) socket.setTimeout(FREE_MS_MAX);
    return isKept;
  };
  return agent;
}

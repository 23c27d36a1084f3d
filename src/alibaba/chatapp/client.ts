/**
 * Chat App: its operations by a generic signed call of `@alicloud/openapi-client`, because the product SDK has
 * dropped one of them. What the SDK leaves to its caller is done here: one request per call, a deadline that holds,
 * every answer classified, and nothing of the request in any error.
 */
import type { Agent } from 'node:http';
import OpenApiModule, { Config, OpenApiRequest, Params } from '@alicloud/openapi-client';
import { RuntimeOptions } from '@alicloud/tea-util';
import pTimeout from 'p-timeout';
import type { Customer } from '../../customer/fields.ts';
import { AppError } from '../../errors.ts';
import { agentFor } from '../agents.ts';
import { classifyAnswer } from '../classify.ts';
import type { Credentials } from '../credentials.ts';
import { NO_REQUEST_ID } from '../peer-text.ts';
import type { ProxySettings } from '../proxy.ts';
import { simulatedAnswer } from '../simulator.ts';
import { CHATAPP_CODES } from './codes.ts';
import { type Envelope, envelopeSchema } from './envelope.ts';
import { type ChatAppOperation, classifyFailure, isConnectionLost } from './failure.ts';
import { type Leave, Permission } from './hold-request.ts';
import { type InstancePage, parseInstances } from './instances.ts';
import { NONCE_HEADER, type TappedResponse, withResponseTap } from './response-tap.ts';

const VERSION = '2020-06-06';
/** Added to the SDK's own timeout; the SDK loses its timer on a reused socket, this one is reliable. */
const DEADLINE_MARGIN_MS = 5_000;
/** A peer closes connections on which nothing comes; a request that is held for long may meet that several times. */
const LOST_WHILE_HELD_MAX = 3;

const ACTIONS: Record<ChatAppOperation, string> = {
  authorize: 'GetChatappUploadAuthorization',
  submit: 'SubmitIsvCustomerTerms',
  list: 'ListInstance',
};

export interface ChatAppOptions {
  account: {
    /** Scheme, host and port. */
    endpoint: string;
    region: string;
  };
  timeoutMs: number;
  /** Absent: calls leave directly. */
  proxy?: ProxySettings;
  /** Whether the answer of a simulator is an error; default false. */
  refusesSimulators?: boolean;
  /** Told which simulator answers: with the first of its answers, and whenever it is another. */
  onSimulator?: (instance: string) => void;
}

interface Order {
  credentials: Credentials;
  query: Record<string, string>;
  leave: Leave | undefined;
}

interface Attempt {
  client: InstanceType<typeof OpenApiModule.default>;
  query: Record<string, string>;
  tapped: TappedResponse;
}

export interface ChatAppSuccess {
  requestId: string;
  data: unknown;
  /** Of a list: how many there are on all pages, if the peer says so. */
  total?: number | undefined;
}

export class ChatApp {
  readonly #region: string;
  readonly #host: string;
  /** `https`, or `http` for the simulator. */
  readonly #scheme: string;
  readonly #timeoutMs: number;
  readonly #agent: Agent;
  readonly #refusesSimulators: boolean;
  readonly #onSimulator: ((instance: string) => void) | undefined;
  #simulator: string | undefined;

  constructor({ account, timeoutMs, proxy, refusesSimulators = false, onSimulator }: ChatAppOptions) {
    const { protocol, host } = new URL(account.endpoint);
    this.#agent = agentFor(account.endpoint, proxy);
    this.#region = account.region;
    this.#host = host;
    this.#scheme = protocol.slice(0, -1);
    this.#timeoutMs = timeoutMs;
    this.#refusesSimulators = refusesSimulators;
    this.#onSimulator = onSimulator;
  }

  /**
   * `GetChatappUploadAuthorization`.
   * @param leave asked when the request is ready; without it, the request leaves at once
   * @throws AppError, classified by `codes.ts`; NotLeft if it must not leave
   */
  authorize(credentials: Credentials, custSpaceId: string, leave?: Leave): Promise<ChatAppSuccess> {
    return this.#call('authorize', { credentials, query: { CustSpaceId: custSpaceId }, leave });
  }

  /**
   * `SubmitIsvCustomerTerms`.
   * @param leave asked when the request is ready; without it, the request leaves at once
   * @throws AppError; class `ambiguous` if the peer may have accepted it; NotLeft if it must not leave
   */
  submit(
    credentials: Credentials,
    customer: Customer,
    isvTerms: string,
    leave?: Leave,
  ): Promise<ChatAppSuccess> {
    return this.#call('submit', { credentials, query: { ...customer, IsvTerms: isvTerms }, leave });
  }

  /**
   * `ListInstance`: one page of the instances of the account.
   * @param page from 1
   * @throws AppError, classified by `codes.ts`
   */
  async listInstances(
    credentials: Credentials,
    { page, size }: { page: number; size: number },
  ): Promise<InstancePage> {
    const query = { PageIndex: String(page), PageSize: String(size) };
    return parseInstances(await this.#call('list', { credentials, query, leave: undefined }));
  }

  async #call(operation: ChatAppOperation, { credentials, query, leave }: Order): Promise<ChatAppSuccess> {
    assertWellFormed(operation, query);
    const permission = leave && new Permission(leave);
    const client = this.#clientWith(credentials);
    try {
      for (let lost = 0; ; lost++) {
        const tapped: TappedResponse = { agent: this.#agent, permission };
        try {
          return await this.#callOnce(operation, { client, query, tapped });
        } catch (error) {
          if (permission?.refusal) throw permission.refusal;
          // No byte had left: it goes on waiting for its permission, on another connection.
          if (permission?.isHeld && isConnectionLost(error) && lost < LOST_WHILE_HELD_MAX) continue;
          if (error instanceof AppError) throw error;
          this.#assertPeer(operation, tapped);
          throw classifyFailure(operation, error, tapped);
        }
      }
    } finally {
      permission?.withdraw();
    }
  }

  /** @throws AppError about what was answered; otherwise what the SDK throws */
  async #callOnce(operation: ChatAppOperation, { client, query, tapped }: Attempt): Promise<ChatAppSuccess> {
    const answer = await withResponseTap(tapped, (nonce) => {
      const request = new OpenApiRequest({ query, headers: { [NONCE_HEADER]: nonce } });
      const call = client.callApi(this.#paramsOf(operation), request, this.#runtimeOptions());
      return pTimeout(call, { milliseconds: this.#timeoutMs + DEADLINE_MARGIN_MS });
    });
    this.#assertPeer(operation, tapped);
    return readSuccess(operation, answer, tapped);
  }

  /** @throws AppError PEER_IS_SIMULATOR */
  #assertPeer(operation: ChatAppOperation, { simulator }: TappedResponse): void {
    if (simulator === undefined) return;
    if (this.#refusesSimulators) throw simulatedAnswer(operation, simulator);
    if (simulator !== this.#simulator) this.#onSimulator?.(simulator);
    this.#simulator = simulator;
  }

  #clientWith(credentials: Credentials) {
    const [regionId, endpoint, protocol] = [this.#region, this.#host, this.#scheme];
    return new OpenApiModule.default(new Config({ ...credentials, regionId, endpoint, protocol }));
  }

  #paramsOf(operation: ChatAppOperation): Params {
    return new Params({
      action: ACTIONS[operation],
      version: VERSION,
      protocol: this.#scheme.toUpperCase(),
      pathname: '/',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    });
  }

  #runtimeOptions(): RuntimeOptions {
    return new RuntimeOptions({
      readTimeout: this.#timeoutMs,
      // It is really the socket's idle time: with a smaller value, slow answers would look like calls never sent.
      connectTimeout: this.#timeoutMs,
      autoretry: false,
    });
  }
}

/** The SDK cannot encode half of a character; a row of an earlier version may have one. */
function assertWellFormed(operation: ChatAppOperation, query: Record<string, string>): void {
  const odd = Object.keys(query).filter((name) => query[name]?.isWellFormed() === false);
  if (odd.length === 0) return;
  throw new AppError('CONTROL_CHARACTER', `${operation}: ${odd.join(', ')} holds half of a character`);
}

function readSuccess(
  operation: ChatAppOperation,
  answer: Record<string, unknown>,
  tapped: TappedResponse,
): ChatAppSuccess {
  const body = envelopeSchema.safeParse(answer.body ?? {});
  const { code, message, data, total, requestId = tapped.requestId }: Partial<Envelope> = body.data ?? {};
  const httpStatus = Number(answer.statusCode ?? tapped.httpStatus);
  if (httpStatus === 200 && code === 'OK') return { requestId: requestId ?? NO_REQUEST_ID, data, total };
  const { retryAfterMs } = tapped;
  throw classifyAnswer({ operation, code, message, requestId, httpStatus, retryAfterMs }, CHATAPP_CODES);
}

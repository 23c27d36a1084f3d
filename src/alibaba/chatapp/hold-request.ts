/**
 * Holds a request back until it may leave. It is complete by then and its connection stands, so that nothing slow lies
 * between the permission and the network. The SDK hands out neither of them, but every request passes the agent of its
 * HTTP client on the way to a connection.
 */
import type { Agent, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

/** Resolves when the request may leave; rejects if it must not. */
export type Leave = () => Promise<void>;

/** The request did not leave: not a byte of it was sent. The cause is what `Leave` rejected with. */
export class NotLeft extends Error {
  constructor(cause: unknown) {
    super('The request was held back.', { cause });
    this.name = 'NotLeft';
  }
}

/** The permission of one request to leave, which is asked for once by each of its connections that lasts. */
export class Permission {
  /** Until then, not a byte of the request was sent. */
  hasLeft = false;
  /** Why it must not leave. */
  refusal: NotLeft | undefined;
  readonly #leave: Leave;
  #asked: Promise<void> | undefined;
  #hasAsked = false;
  #isWithdrawn = false;

  constructor(leave: Leave) {
    this.#leave = leave;
  }

  /** The request is complete, its connection stands or stood, and it waits for the permission. */
  get isHeld(): boolean {
    return this.#hasAsked && !this.hasLeft && this.refusal === undefined;
  }

  /** @throws NotLeft */
  ask(): Promise<void> {
    this.#hasAsked = true;
    this.#asked ??= this.#ask();
    return this.#asked;
  }

  /** It was given to a request whose connection was gone: whoever goes on waiting asks again, because its time has passed. */
  lapse(): void {
    this.#asked = undefined;
  }

  /** Nobody waits for the answer any more: a request that is still held must not leave later. */
  withdraw(): void {
    this.#isWithdrawn = true;
  }

  async #ask(): Promise<void> {
    try {
      await this.#leave();
      if (this.#isWithdrawn) throw new Error('Nobody waits for the answer any more.');
    } catch (cause) {
      this.refusal = new NotLeft(cause);
      throw this.refusal;
    }
  }
}

/** An agent as it is: its types know only what is public. */
interface OpenAgent extends Agent {
  addRequest(request: ClientRequest, ...rest: unknown[]): void;
}

const agents = new WeakSet<Agent>();

/**
 * Holds from now on what an agent connects. Safe to call twice.
 * @param permissionOf undefined for a request that nobody holds back
 */
export function holdRequestsOf(
  agent: Agent,
  permissionOf: (request: ClientRequest) => Permission | undefined,
): void {
  if (agents.has(agent)) return;
  const open = agent as OpenAgent;
  const { addRequest } = open;
  open.addRequest = (request, ...rest) => {
    const permission = permissionOf(request);
    if (permission) request.once('socket', (socket) => hold(request, socket, permission));
    addRequest.call(open, request, ...rest);
  };
  agents.add(agent);
}

/** What is written to a corked socket stays in this process. */
function hold(request: ClientRequest, socket: Socket, permission: Permission): void {
  const release = () => {
    if (socket.destroyed) return permission.lapse();
    permission.hasLeft = true;
    socket.uncork();
  };
  const ask = () => permission.ask().then(release, (refusal: NotLeft) => request.destroy(refusal));
  socket.cork();
  // Through a tunnel the connection stands already, and its TLS still has to begin.
  const { secureConnecting = false } = socket as Socket & { secureConnecting?: boolean };
  if (!socket.connecting && !secureConnecting) ask();
  // If that fails, the request fails with it.
  else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', ask);
}

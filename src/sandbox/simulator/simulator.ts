/**
 * Chat App and OSS on this machine. Tests start it in their own process and look inside; other processes ask it over
 * HTTP (`control.ts`).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SIMULATOR_HEADER } from '../../alibaba/simulator.ts';
import { AppError } from '../../errors.ts';
import { handleChatApp } from './chatapp-server.ts';
import { handleControl, isControl } from './control.ts';
import type { FaultRuleInput } from './faults.ts';
import { handleOss } from './oss-server.ts';
import { DEFAULT_SIMULATED_ACCOUNT, type SimulatorOptions, SimulatorState } from './state.ts';

type SimulatedServer = 'chatApp' | 'oss';

export interface Simulator {
  state: SimulatorState;
  /** For CHATAPP_ENDPOINT. */
  endpoint: string;
  /** Of simulated OSS, which authorizations name. */
  ossEndpoint: string;
  /** Environment that directs all our programs to this simulator. */
  environment: Record<string, string>;
  /** Closes a port, so that connections are refused until `listen`. */
  refuse(server: SimulatedServer): Promise<void>;
  /** Opens it again, under the same number. */
  listen(server: SimulatedServer): Promise<void>;
  stop(): Promise<void>;
}

export interface StartOptions extends SimulatorOptions {
  port?: number;
  faults?: readonly FaultRuleInput[];
}

/** @throws AppError USAGE if the port cannot be had */
export async function startSimulator({
  port = 0,
  faults = [],
  ...options
}: StartOptions = {}): Promise<Simulator> {
  const state = new SimulatorState(options);
  state.faults.replace(faults);
  const oss = await listen(state, 0, (request, response) => handleOss(state, request, response));
  state.ossPort = portOf(oss);
  const chatApp = await listen(state, port, (request, response) =>
    isControl(request) ? handleControl(state, request, response) : handleChatApp(state, request, response),
  ).catch(async (error: unknown) => {
    // A server that listens would keep the process alive.
    await close(oss);
    throw unavailable(port, error);
  });
  const [{ accessKeyId, accessKeySecret } = DEFAULT_SIMULATED_ACCOUNT] = state.accounts.values();
  const servers = { chatApp, oss };
  const ports = { chatApp: portOf(chatApp), oss: state.ossPort };
  const endpoint = `http://127.0.0.1:${ports.chatApp}`;
  return {
    state,
    endpoint,
    ossEndpoint: `http://127.0.0.1:${ports.oss}`,
    environment: {
      CHATAPP_ENDPOINT: endpoint,
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    },
    refuse: (name) => close(servers[name]),
    listen: (name) => open(servers[name], ports[name]),
    async stop() {
      await Promise.all([close(oss), close(chatApp)]);
    },
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function listen(state: SimulatorState, port: number, handle: Handler): Promise<Server> {
  const server = createServer((request, response) => {
    if (state.options.namesItself) response.setHeader(SIMULATOR_HEADER, state.instance);
    // The clock that its answers show is the one by which it refuses.
    response.setHeader('date', new Date(state.now()).toUTCString());
    handle(request, response).catch(() => response.destroy());
  });
  await open(server, port);
  return server;
}

function open(server: Server, port: number): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function unavailable(port: number, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new AppError('USAGE', `Port ${port} is in use; choose another with --port.`, { cause: error });
  if (code === 'EACCES')
    return new AppError('USAGE', `Port ${port} may not be used by you; choose one above 1023 with --port.`);
  return error;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/**
 * Chat App and OSS on this machine. Tests start it in their own process and look inside; other processes ask it over
 * HTTP: GET /simulator/summary, GET /simulator/arrivals (each call, in order), PUT /simulator/faults (a JSON list of fault
 * rules), PUT /simulator/rate ({"rate": 3}).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { SIMULATOR_HEADER } from '../../alibaba/simulator.ts';
import { AppError } from '../../errors.ts';
import { handleChatApp } from './chatapp-server.ts';
import { type FaultRuleInput, faultRuleSchema } from './faults.ts';
import { handleOss } from './oss-server.ts';
import { readBody } from './read-body.ts';
import { DEFAULT_SIMULATED_ACCOUNT, type SimulatorOptions, SimulatorState } from './state.ts';

type SimulatedServer = 'chatApp' | 'oss';

export interface Simulator {
  state: SimulatorState;
  /** For CHATAPP_ENDPOINT. */
  endpoint: string;
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
    request.url?.startsWith('/simulator/')
      ? handleControl(state, request, response)
      : handleChatApp(state, request, response),
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

async function handleControl(
  state: SimulatorState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = (await readBody(request)).toString();
  if (request.method === 'PUT' && request.url === '/simulator/faults')
    state.faults.replace(z.array(faultRuleSchema).parse(JSON.parse(text)));
  if (request.method === 'PUT' && request.url === '/simulator/rate')
    state.options.rate = z.object({ rate: z.number().min(0) }).parse(JSON.parse(text)).rate;
  const { record } = state;
  const answer = request.url === '/simulator/arrivals' ? record.arrivals : record.summary();
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function listen(state: SimulatorState, port: number, handle: Handler): Promise<Server> {
  const { options, instance } = state;
  const server = createServer((request, response) => {
    if (options.namesItself) response.setHeader(SIMULATOR_HEADER, instance);
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

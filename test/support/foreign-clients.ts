/** Clients of Chat App that nobody here wrote, directed to a simulator: each sends the call that it is asked for. */
import Cams, * as cams from '@alicloud/cams20200606';
import * as older from '@alicloud/openapi-client';
import Newer, { $OpenApiUtil as newer } from '@alicloud/openapi-core';
import RpcClient from '@alicloud/pop-core';
import { RuntimeOptions } from '@alicloud/tea-util';
import { DEFAULT_SIMULATED_ACCOUNT, type SimulatedAccount } from '../../src/sandbox/simulator/state.ts';

export interface ForeignCall {
  action: string;
  parameters?: Record<string, string>;
  version?: string;
  path?: string;
  method?: 'GET' | 'POST';
  /** For clients that sign headers: added before the signature. */
  headers?: Record<string, string>;
  /** Parameters go into the body, as a form. */
  isForm?: boolean;
}

/** What came back: the body of a success, or the code and the status of a refusal. */
interface ForeignAnswer {
  code: string;
  status?: number;
  message: string;
  body: Record<string, unknown>;
}

type ForeignClient = (
  endpoint: string,
  call: ForeignCall,
  account?: SimulatedAccount,
) => Promise<ForeignAnswer>;

const VERSION = '2020-06-06';

const settingsFor = (endpoint: string, account: SimulatedAccount) => ({
  ...account,
  endpoint: new URL(endpoint).host,
  protocol: 'http',
  regionId: 'ap-southeast-1',
});

const paramsOf = ({ action, version = VERSION, path = '/', method = 'POST' }: ForeignCall) => ({
  action,
  version,
  pathname: path,
  method,
  protocol: 'HTTP',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'formData',
  bodyType: 'json',
});

const placed = ({ parameters = {}, headers, isForm }: ForeignCall) => ({
  ...(headers && { headers }),
  ...(isForm ? { body: parameters } : { query: parameters }),
});

async function answered(sent: Promise<unknown>): Promise<ForeignAnswer> {
  try {
    const { body } = (await sent) as { body: Record<string, unknown> };
    return { code: String(body.Code), message: String(body.Message), body };
  } catch (error) {
    const { code, statusCode, message } = error as { code?: string; statusCode?: number; message: string };
    return { code: String(code), message, body: {}, ...(statusCode !== undefined && { status: statusCode }) };
  }
}

/** openapi-client 0.4: ACS3, or the older signature in the query. */
const openApiClient =
  (signatureAlgorithm?: 'v2'): ForeignClient =>
  (endpoint, call, account = DEFAULT_SIMULATED_ACCOUNT) => {
    const config = new older.Config({ ...settingsFor(endpoint, account), signatureAlgorithm });
    const client = new older.default.default(config);
    const request = new older.OpenApiRequest(placed(call));
    return answered(client.callApi(new older.Params(paramsOf(call)), request, new RuntimeOptions({})));
  };

/** openapi-core 1.0, on which the SDKs since 2025 are built. */
const openApiCore: ForeignClient = (endpoint, call, account = DEFAULT_SIMULATED_ACCOUNT) => {
  const client = new Newer.default(new newer.Config(settingsFor(endpoint, account)));
  const request = new newer.OpenApiRequest(placed(call));
  return answered(client.callApi(new newer.Params(paramsOf(call)), request, new RuntimeOptions({}) as never));
};

/** pop-core 1.8: the older signature, in the query of a GET or the form of a POST. Parameters replace what it makes itself. */
const popCore =
  (method: 'GET' | 'POST'): ForeignClient =>
  (
    endpoint,
    { action, version = VERSION, parameters = {}, path = '' },
    account = DEFAULT_SIMULATED_ACCOUNT,
  ) => {
    const client = new RpcClient({ ...account, endpoint: `${endpoint}${path}`, apiVersion: version });
    const sent = client.request(action, parameters, { method });
    return answered(sent.then((body) => ({ body })));
  };

export const FOREIGN_CLIENTS = {
  'openapi-client (ACS3)': openApiClient(),
  'openapi-client (RPC v1)': openApiClient('v2'),
  'openapi-core (ACS3)': openApiCore,
  'pop-core (RPC v1, GET)': popCore('GET'),
  'pop-core (RPC v1, POST)': popCore('POST'),
} as const satisfies Record<string, ForeignClient>;

/** The SDK of the product itself. */
export function camsClient(endpoint: string, account: SimulatedAccount = DEFAULT_SIMULATED_ACCOUNT) {
  return {
    client: new Cams.default(new older.Config(settingsFor(endpoint, account)) as never),
    models: cams,
  };
}

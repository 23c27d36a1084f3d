/** Where scale is measured: many accounts with rows of their own, and simulators in processes of their own. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnboarding } from '../../src/index.ts';
import type { ChildProgram } from '../../src/sandbox/child-program.ts';
import type { Arrival } from '../../src/sandbox/simulator/record.ts';
import { type PeerProcess, startPeerProcess } from './peer-process.ts';
import { openPlace, writeCustomers } from './stage.ts';
import type { Caller } from './three-calls.ts';

const LATENCY_MS = 40;
const ACCOUNTS_A_PEER = 50;

export interface ScaleWorld {
  environment: NodeJS.ProcessEnv;
  /** Of the accounts. */
  names: string[];
  /** Programs of the peer. */
  peers: ChildProgram[];
  /** Lists the accounts for the bare script. */
  callersFile: string;
  /** Every call so far, those of one simulator after those of another. */
  readArrivals(): Promise<Arrival[]>;
  /** What `scale-watch.mjs` wrote down. */
  readDepartures(): Promise<string[]>;
  importCustomers(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openScaleWorld(redisUrl: string, count: number): Promise<ScaleWorld> {
  const place = await openPlace(redisUrl, {});
  const secrets = Array.from({ length: count }, (_, index) => ({
    accessKeyId: `LTAI${place.account}N${index}`,
    accessKeySecret: `secret-of-${index}`,
  }));
  const peers = await startPeers(secrets.map((key) => `${key.accessKeyId}:${key.accessKeySecret}`));
  const callers: Caller[] = secrets.map((key, index) => ({ ...key, endpoint: endpointAt(peers, index) }));
  const accounts = callers.map(({ endpoint }, index) => ({
    name: `${place.account}-${index}`,
    endpoint,
    credentials: { type: 'env' as const, accessKeyId: `ID_${index}`, accessKeySecret: `SECRET_${index}` },
  }));
  const variables = secrets.map((key, index) => ({
    [`ID_${index}`]: key.accessKeyId,
    [`SECRET_${index}`]: key.accessKeySecret,
  }));
  const departures = join(place.folder, 'departures');
  const environment = { ...place.environment, SCALE_DEPARTURES: departures };
  Object.assign(environment, ...variables);
  const callersFile = join(place.folder, 'callers.json');
  await writeFile(callersFile, JSON.stringify(callers));
  await writeFile(join(place.folder, 'accounts.json'), JSON.stringify(accounts));

  async function importCustomers(customers: number): Promise<void> {
    const from = { path: await writeCustomers(place.folder, customers) };
    const agreements = join(place.folder, 'agreements');
    const agreementStore = { place: join(place.folder, 'store') };
    const settings = {
      redisUrl,
      durability: 'relaxed',
      accounts,
      agreementStore,
      logLevel: 'error',
    } as const;
    const onboarding = createOnboarding(settings, { environment });
    for (const { name: account } of accounts)
      await onboarding.import({ account, from, agreements, by: 'bench', maxFailures: 0 });
    await onboarding.close();
  }

  return {
    environment,
    names: accounts.map(({ name }) => name),
    peers: peers.map(({ program }) => program),
    callersFile,
    importCustomers,
    readArrivals: async () => (await Promise.all(peers.map((peer) => peer.readArrivals()))).flat(),
    async readDepartures() {
      const files = (await readdir(place.folder)).filter((name) => name.startsWith('departures.'));
      const texts = await Promise.all(files.map((name) => readFile(join(place.folder, name), 'utf8')));
      return texts.flatMap((text) => text.trimEnd().split('\n'));
    },
    async close() {
      await Promise.all(peers.map((peer) => peer.stop()));
      await place.close();
    },
  };
}

function startPeers(keys: readonly string[]): Promise<PeerProcess[]> {
  const groups = Array.from({ length: Math.ceil(keys.length / ACCOUNTS_A_PEER) }, (_, index) =>
    keys.slice(index * ACCOUNTS_A_PEER, (index + 1) * ACCOUNTS_A_PEER),
  );
  return Promise.all(
    groups.map((group) => startPeerProcess({ jitterMs: 0, latencyMs: LATENCY_MS, keys: group })),
  );
}

function endpointAt(peers: readonly PeerProcess[], index: number): string {
  return peers[Math.floor(index / ACCOUNTS_A_PEER)]?.environment.CHATAPP_ENDPOINT ?? '';
}

/** The state that both simulated servers share: accounts, grants, stored objects, limits, faults, record. */
import { randomBytes, randomUUID } from 'node:crypto';
import { FaultScript } from './faults.ts';
import { SimulatedList } from './list-instances.ts';
import { type SimulatedOperation, SimulatorRecord } from './record.ts';
import { RollingWindow } from './rolling-window.ts';

export interface SimulatedAccount {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
  /** Calls per rolling second, for each operation. */
  rate?: number;
}

export interface Grant {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken: string;
  directory: string;
  expiresAt: number;
}

export interface StoredObject {
  md5: string;
  bytes: number;
  /** Seconds between upload and now do not matter; that it was uploaded under its own grant does. */
  directory: string;
}

export interface SimulatorOptions {
  accounts?: SimulatedAccount[];
  rate?: number;
  /** Spread of the network's delay before an arrival is counted, in milliseconds. */
  jitterMs?: number;
  /** Time the peer takes for an answer, in milliseconds. */
  latencyMs?: number;
  /** How `IsvTerms` is read. */
  isvTermsValue?: 'fileName' | 'objectKey' | 'url';
  /** Lifetime of upload credentials, in seconds. */
  expireSeconds?: number;
  /** Offset of the peer's clock, in milliseconds. */
  clockSkewMs?: number;
  /** Where uploads are sent, if something in between brings them here; by default, to the port of simulated OSS. */
  ossEndpoint?: string;
  /** Whether every answer says that it comes from a simulator, and from which; default true. */
  namesItself?: boolean;
}

export const SIMULATED_BUCKET = 'cams-terms-sim';
/** A bucket of the user's own, for the agreement store. */
export const SIMULATED_STORE_BUCKET = 'agreements-sim';
export const SIMULATED_REGION = 'ap-southeast-1';
export const DEFAULT_SIMULATED_ACCOUNT: SimulatedAccount = {
  accessKeyId: 'LTAIsimulator',
  accessKeySecret: 'simulator-secret-do-not-use',
};
const RATE_DEFAULT = 5;
const EXPIRE_SECONDS_DEFAULT = 3600;

export class SimulatorState {
  readonly accounts = new Map<string, SimulatedAccount>();
  readonly grants = new Map<string, Grant>();
  readonly objects = new Map<string, StoredObject>();
  /** Uploads in parts that are not complete, by their id. */
  readonly uploads = new Map<string, { key: string; parts: Map<number, Buffer> }>();
  /** Of `ListInstance`. */
  readonly list = new SimulatedList();
  /** The content of the user's own bucket, by key. */
  readonly kept = new Map<string, Buffer>();
  /** When each of its objects was written, in milliseconds since 1970. */
  readonly keptAt = new Map<string, number>();
  readonly faults = new FaultScript();
  /** Of this simulator, from start to stop or reset: who forgets everything is another peer. */
  instance: string = randomUUID();
  readonly record = new SimulatorRecord();
  readonly options: Required<Omit<SimulatorOptions, 'accounts'>>;
  ossPort = 0;
  readonly #windows = new Map<string, RollingWindow>();
  readonly #nonces = new Set<string>();
  #ordinals = { authorize: 0, submit: 0, put: 0, list: 0 };

  constructor({ accounts = [DEFAULT_SIMULATED_ACCOUNT], ...options }: SimulatorOptions = {}) {
    for (const account of accounts) this.accounts.set(account.accessKeyId, account);
    this.options = {
      rate: RATE_DEFAULT,
      jitterMs: 0,
      latencyMs: 0,
      isvTermsValue: 'fileName',
      expireSeconds: EXPIRE_SECONDS_DEFAULT,
      clockSkewMs: 0,
      namesItself: true,
      ossEndpoint: '',
      ...options,
    };
  }

  now(): number {
    return Date.now() + this.options.clockSkewMs;
  }

  nextOrdinal(operation: SimulatedOperation): number {
    return ++this.#ordinals[operation];
  }

  /** Forgets all calls and what they left behind, as after a new start; accounts, rate and faults stay. */
  reset(): void {
    for (const forgotten of [
      this.grants,
      this.objects,
      this.uploads,
      this.list.instances,
      this.kept,
      this.keptAt,
    ])
      forgotten.clear();
    this.record.clear();
    this.#windows.clear();
    this.#nonces.clear();
    this.#ordinals = { authorize: 0, submit: 0, put: 0, list: 0 };
    this.instance = randomUUID();
  }

  /** @returns 0 if the call is let through, else the milliseconds until one would be */
  admit(account: SimulatedAccount, operation: string, at: number): number {
    const key = `${account.accessKeyId} ${operation}`;
    const limit = account.rate ?? this.options.rate;
    const window = this.#windows.get(key) ?? new RollingWindow(limit);
    window.limit = limit;
    this.#windows.set(key, window);
    return window.admit(at);
  }

  /** @returns whether the nonce is new */
  useNonce(nonce: string): boolean {
    if (this.#nonces.has(nonce)) return false;
    this.#nonces.add(nonce);
    return true;
  }

  directoryOf(custSpaceId: string): string {
    return `C${custSpaceId}`;
  }

  grantUpload(custSpaceId: string, expireSeconds: number): Grant {
    const grant = {
      accessKeyId: `STS.${randomBytes(8).toString('hex')}`,
      accessKeySecret: randomBytes(20).toString('base64url'),
      securityToken: `SIMTOKEN${randomBytes(48).toString('base64')}`,
      directory: this.directoryOf(custSpaceId),
      expiresAt: this.now() + expireSeconds * 1000,
    };
    this.grants.set(grant.accessKeyId, grant);
    return grant;
  }
}

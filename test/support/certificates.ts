/** Certificates that one authority of the test has signed. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

export interface KeyPair {
  /** Files. */
  cert: string;
  key: string;
}

export interface Authority {
  /** File with its own certificate. */
  ca: string;
  /** @param names such as `DNS:redis.test` and `IP:127.0.0.1` */
  sign(...names: string[]): Promise<KeyPair>;
  /** The same for another time than a day. @param days that it lasts from now on; negative: it is over */
  signFor(days: number, ...names: string[]): Promise<KeyPair>;
  /** An authority whose own certificate is signed by this one. */
  below(): Promise<Authority>;
  folder: string;
}

const openssl = async (...parameters: string[]) => {
  await promisify(execFile)('openssl', parameters);
};
const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export async function createAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-ca-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [cert, key] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
  await openssl('req', '-x509', ...EC_KEY, '-keyout', key, '-out', cert, '-subj', '/CN=test authority');
  return authorityOf(folder, { cert, key }, 'ca');
}

/** @param prefix of its files */
function authorityOf(folder: string, own: KeyPair, prefix: string): Authority {
  let count = 0;

  async function make(days: number, subject: string, extensions: string) {
    count += 1;
    const name = `${prefix}-${count}`;
    const [cert, key, request, extension] = ['crt', 'key', 'csr', 'ext'].map((end) =>
      join(folder, `${name}.${end}`),
    ) as [string, string, string, string];
    await writeFile(extension, extensions);
    await openssl('req', ...EC_KEY, '-keyout', key, '-out', request, '-subj', `/CN=${subject}`);
    const signing = ['-CA', own.cert, '-CAkey', own.key, '-CAcreateserial', '-days', String(days)];
    await openssl('x509', '-req', '-in', request, ...signing, '-extfile', extension, '-out', cert);
    return { cert, key, name };
  }

  const signFor = async (days: number, ...names: string[]) => {
    const { cert, key } = await make(days, 'test server', `subjectAltName=${names.join(',')}`);
    return { cert, key };
  };
  return {
    ...{ ca: own.cert, folder, signFor, sign: (...names) => signFor(1, ...names) },
    async below() {
      const { name, ...pair } = await make(10, 'test intermediate', 'basicConstraints=critical,CA:TRUE');
      return authorityOf(folder, pair, name);
    },
  };
}

/** The contents of a pair, as TLS servers of Node take them. */
export async function readPair({ cert, key }: KeyPair) {
  return { cert: await readFile(cert), key: await readFile(key) };
}

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
  folder: string;
}

const openssl = async (...parameters: string[]) => {
  await promisify(execFile)('openssl', parameters);
};
const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export async function createAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-ca-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [ca, caKey] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
  await openssl('req', '-x509', ...EC_KEY, '-keyout', caKey, '-out', ca, '-subj', '/CN=test authority');
  let count = 0;

  async function sign(...names: string[]): Promise<KeyPair> {
    count += 1;
    const [cert, key, request, extension] = ['crt', 'key', 'csr', 'ext'].map((end) =>
      join(folder, `${count}.${end}`),
    ) as [string, string, string, string];
    await writeFile(extension, `subjectAltName=${names.join(',')}`);
    await openssl('req', ...EC_KEY, '-keyout', key, '-out', request, '-subj', '/CN=test server');
    const signing = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '1'];
    await openssl('x509', '-req', '-in', request, ...signing, '-extfile', extension, '-out', cert);
    return { cert, key };
  }

  return { ca, sign, folder };
}

/** The contents of a pair, as TLS servers of Node take them. */
export async function readPair({ cert, key }: KeyPair) {
  return { cert: await readFile(cert), key: await readFile(key) };
}

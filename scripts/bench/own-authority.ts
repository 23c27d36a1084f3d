/** An authority of the measurement's own, and what it has signed for a server and a client. Needs `openssl` on PATH. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Paths of files in PEM. */
export interface OwnAuthority {
  ca: string;
  server: { cert: string; key: string };
  client: { cert: string; key: string };
}

export async function createOwnAuthority(folder: string): Promise<OwnAuthority> {
  const [ca, caKey] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
  await openssl('req', '-x509', ...NEW_KEY, '-keyout', caKey, '-out', ca, '-subj', '/CN=own authority');

  async function sign(name: string) {
    const [cert, key, request, names] = ['crt', 'key', 'csr', 'ext'].map((end) =>
      join(folder, `${name}.${end}`),
    ) as [string, string, string, string];
    await writeFile(names, 'subjectAltName=DNS:localhost');
    await openssl('req', ...NEW_KEY, '-keyout', key, '-out', request, '-subj', `/CN=${name}`);
    const signing = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '1', '-extfile', names];
    await openssl('x509', '-req', '-in', request, ...signing, '-out', cert);
    return { cert, key };
  }

  return { ca, server: await sign('server'), client: await sign('client') };
}

async function openssl(...parameters: string[]): Promise<void> {
  await promisify(execFile)('openssl', parameters);
}

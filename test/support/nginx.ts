/** Debian's nginx with the configuration of the docs, on a port of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { createAuthority, type KeyPair } from './certificates.ts';

const EXAMPLE = 'docs/nginx/onboard.conf';
export const EXAMPLE_HOST = 'onboard.example.com';

export const hasNginx = (() => {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** @param behind `http://127.0.0.1:3000`. @param pair by default of an authority that nobody knows. @returns the port of nginx, which speaks TLS */
export async function startNginx(behind: string, pair?: KeyPair): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-nginx-'));
  const { cert, key } = pair ?? (await (await createAuthority()).sign(`DNS:${EXAMPLE_HOST}`));
  const port = await freePort();
  const example = (await readFile(EXAMPLE, 'utf8'))
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('/etc/ssl/onboard.crt', cert)
    .replace('/etc/ssl/onboard.key', key)
    .replace('http://127.0.0.1:3000', behind);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `${what}_temp_path ${folder}/${what};`,
  );
  const http = `http { access_log off; ${temporary.join(' ')}\n${example}\n}`;
  const path = join(folder, 'nginx.conf');
  await writeFile(path, `daemon off; pid ${folder}/pid; error_log stderr crit; events {}\n${http}\n`);
  const nginx = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', path], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(async () => {
    const ended = once(nginx, 'exit');
    nginx.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  await expect.poll(() => accepts(port)).toBe(true);
  return port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A `serve` that may open no more files while something is uploaded: told to come later, and nothing is lost by it. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { makeCustomer } from '../support/customers.ts';
import { startProgram } from '../support/programs.ts';
import { customerParts, encodeParts } from '../support/uploads.ts';
import { createWorld } from '../support/world.ts';

const hasPrlimit = process.platform === 'linux' && works(() => execFileSync('prlimit', ['--version']));

function works(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/** Lets a program open so many files more; Linux gives out the lowest free numbers, and limits the highest. */
function allowFiles(pid: number | undefined, more: number): void {
  const taken = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let limit = 0;
  for (let free = 0; free < more || taken.has(limit); limit++) if (!taken.has(limit)) free++;
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${limit}:`]);
}

/** Over a connection that is there already, so that an upload is all that needs another file. */
async function openConnection(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (method: string, path: string, headers = {}, body?: Buffer) =>
    new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
      const asking = request(new URL(path, origin), { agent, method, headers }, async (answer) =>
        resolve({ status: answer.statusCode, body: JSON.parse(await text(answer)) }),
      );
      asking.on('error', reject).end(body);
    });
  await ask('GET', '/v1/queues');
  return { ask, close: () => agent.destroy() };
}

it.skipIf(!hasPrlimit)('says that it is busy, and takes the same upload when there is room', async () => {
  const world = await createWorld();
  const program = startProgram(world, ['serve'], { HTTP_PORT: '0' });
  await expect.poll(() => program.output.stdout).toMatch(/^http:/);
  const { ask, close } = await openConnection(program.output.stdout.split('\n')[0] ?? '');
  const { headers, payload } = encodeParts(customerParts(makeCustomer(1)));
  const upload = () => ask('POST', '/v1/customers', headers, payload);
  allowFiles(program.pid, 0);
  expect(await upload()).toMatchObject({ status: 503, body: { code: 'SERVER_BUSY' } });
  allowFiles(program.pid, 100);
  expect(await upload()).toMatchObject({ status: 202 });
  close();
});

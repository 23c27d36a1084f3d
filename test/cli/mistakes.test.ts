/** Whatever a person gets wrong is answered in one line that says so, with an exit code of the documented set. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { ERROR_CODES } from '../../src/error-codes.ts';
import { runCommand } from '../support/command.ts';
import { makeCustomers, writeInput } from '../support/customers.ts';
import { createWorld, type World } from '../support/world.ts';

const DOCUMENTED = [0, 1, 2, 3, 4, 5, 130, 141];

async function refuse(world: World, words: string[], env: Record<string, string> = {}) {
  const { code, stderr } = await runCommand(world, words, env);
  const context = `onboard ${words.join(' ')}: ${stderr}`;
  expect(stderr, context).not.toMatch(/^ {4}at |node_modules|\bundefined\b/m);
  expect(stderr.match(/^(onboard|error): /gm), context).toHaveLength(1);
  expect(DOCUMENTED, context).toContain(code);
  expect(code, context).not.toBe(0);
  return { code, stderr };
}

/** Words after a command that make it complete. */
const COMPLETE: Record<string, string[]> = {
  validate: ['x.csv', '--agreements', '.'],
  import: ['x.csv', '--agreements', '.'],
  results: ['nothing'],
  log: ['nothing'],
  retry: ['nothing', '--all-failed'],
  cancel: ['nothing'],
  settle: ['nothing', '--row', '1', '--as', 'failed'],
  purge: ['nothing', '--yes'],
};

/** The options of each command that take a value, with values that nobody can mean. */
const SILLY: [string, string, ...string[]][] = [
  ['validate', '--delimiter', '', ';;', '"', 'a', '\n', '7'],
  ['validate', '--format', '', 'pdf'],
  ['validate', '--encoding', '', 'klingon'],
  ['validate', '--agreements', '', '/nowhere', '/etc/hostname'],
  ['import', '--delimiter', '', '--'],
  ['import', '--at', '', 'soon', '2026-02-30T10:00Z', '2020-01-01T00:00Z', '+91d'],
  ['import', '--priority', '', '1', 'x', '1e99', '-5'],
  ['import', '--max-failures', '', '-1', 'NaN'],
  ['import', '--account', '', 'nobody', '__proto__'],
  ['import', '--results', '', '/dev/null/x', '/etc/hostname'],
  ['import', '--skip-invalid', ''],
  ['import', '--resume', '', 'nothing', '../..'],
  ['batches', '--limit', '', '0', '1001', '1.5'],
  ['results', '--format', '', 'pdf'],
  ['results', '--output', ''],
  ['retry', '--row', '', '0', '-1', '1.5', 'x', '1e400'],
  ['retry', '--outcome', '', 'submitted'],
  ['retry', '--code', ''],
  ['retry', '--at', '', 'soon'],
  ['pause', '--account', '', 'nobody'],
  ['resume', '--account', '', 'nobody'],
  ['settle', '--row', '', 'x'],
  ['settle', '--as', '', 'done'],
  ['schedule', '--cron', '', 'x', '99 * * * *'],
  ['schedule', '--account', '', 'nobody'],
  ['worker', '--concurrency', '', '0', '201'],
  ['worker', '--account', '', 'nobody'],
  ['simulate', '--port', '', '-1', '65536', 'x'],
  ['simulate', '--rate', '', '0'],
  ['simulate', '--jitter', '', '-1'],
  ['simulate', '--latency', '', 'x'],
  ['simulate', '--fault', '', '{', '[]', '{"kind":"no"}', 'null', '7'],
  ['simulate', '--faults', '', '/nowhere.json', '/etc', '/etc/hostname'],
  ['simulate', '--key', '', 'x', ':'],
  ['simulate', '--sts-key', '', 'x', 'x:y', '::'],
  ['demo', '--redis', ''],
];

describe('a mistake', () => {
  it('in a value of an option is named', async () => {
    const world = await createWorld();
    for (const [command, option, ...values] of SILLY)
      for (const value of values) {
        const rest = (COMPLETE[command] ?? []).filter((word, index, all) =>
          word === option ? false : all[index - 1] !== option,
        );
        await refuse(world, [command, ...rest, `${option}=${value}`]);
      }
  });

  it('in a word, or in the configuration, is named by every command', async () => {
    const world = await createWorld();
    for (const { name } of COMMANDS) {
      expect((await refuse(world, [name, '--nothing'])).code).toBe(2);
      expect((await refuse(world, [name, 'too', 'many', 'words'])).code).toBe(2);
    }
    for (const [name, words] of Object.entries(COMPLETE)) {
      const { code, stderr } = await refuse(world, [name, ...words], { HTTP_PORT: 'x', LOG_LEVEL: 'loud' });
      expect([code, stderr]).toEqual([2, expect.stringContaining('HTTP_PORT')]);
    }
  });

  it('in the name of a batch is named by every command that takes one', async () => {
    const world = await createWorld();
    for (const name of [
      'status',
      'results',
      'log',
      'retry',
      'cancel',
      'settle',
      'purge',
      'pause',
      'resume',
    ]) {
      const { code, stderr } = await refuse(world, [name, ...(COMPLETE[name] ?? ['nothing'])]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('nothing')]);
    }
  });

  it('is named where there is nothing to watch, and where a name is too long', async () => {
    const world = await createWorld();
    const watch = await refuse(world, ['status', '--watch']);
    expect([watch.code, watch.stderr]).toEqual([2, expect.stringContaining('Say which batch to follow')]);
    const key = await refuse(world, ['key', 'add', 'k'.repeat(41), '--role', 'viewer']);
    expect([key.code, key.stderr]).toEqual([2, expect.stringContaining('at most 40')]);
    const empty = await refuse(world, ['validate', '/dev/null', '--agreements', '.']);
    expect([empty.code, empty.stderr]).toEqual([3, expect.stringContaining('Add a header')]);
  });
});

describe('what cannot be had', () => {
  it('is named: a port that is in use, an address that is not here', async () => {
    const world = await createWorld();
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const port = String((server.address() as AddressInfo).port);
    const simulate = await refuse(world, ['simulate', '--port', port]);
    expect(simulate).toMatchObject({ code: 2, stderr: expect.stringContaining(`Port ${port} is in use`) });
    const serve = await refuse(world, ['serve'], { HTTP_PORT: port });
    expect(serve).toMatchObject({ code: 2, stderr: expect.stringContaining('the port is in use') });
  });

  it('is named: files and folders that are not what they should be', async () => {
    const world = await createWorld();
    const input = await writeInput(world, makeCustomers(1));
    const folder = join(world.folder, 'folder');
    await mkdir(folder);
    const file = join(world.folder, 'file');
    await writeFile(file, 'x');
    const good = [input, '--agreements', world.agreements];
    await refuse(world, ['import', folder, '--agreements', world.agreements]);
    await refuse(world, ['import', '/dev/null', '--agreements', world.agreements]);
    await refuse(world, ['import', input, '--agreements', file]);
    await refuse(world, ['import', ...good, '--results', file]);
    await refuse(world, ['import', ...good, '--results', '/dev/null/x']);
    await refuse(world, ['import', ...good], { AGREEMENT_STORE: file });
    await refuse(world, ['import', ...good], { AGREEMENT_STORE: '/dev/null/x' });
    await refuse(world, ['import', ...good], { ONBOARD_ACCOUNTS: folder });
    await refuse(world, ['import', ...good], { ONBOARD_ACCOUNTS: file });
  });
});

it('every code says in a sentence what to do next', () => {
  for (const [code, { hint }] of Object.entries(ERROR_CODES)) {
    expect(hint, code).toMatch(/^[A-Z][^\n]{10,}\.$/);
    expect(hint, code).not.toMatch(/^(An?|The|This|It) [^.]*\.$/);
  }
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createCredentialReader } from '../../src/alibaba/credentials.ts';

async function makeFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-key-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'key.json');
  await writeFile(path, text);
  return path;
}

it('reads the file at every call, so that a new key counts at once', async () => {
  const path = await makeFile('{ "accessKeyId": "LTAIa", "accessKeySecret": "a" }');
  const read = createCredentialReader({ type: 'file', path }, {});
  expect(await read()).toEqual({ accessKeyId: 'LTAIa', accessKeySecret: 'a' });
  await writeFile(path, '{ "accessKeyId": "LTAIb", "accessKeySecret": "b" }');
  expect(await read()).toEqual({ accessKeyId: 'LTAIb', accessKeySecret: 'b' });
});

it.each([
  ['accessKeyId=LTAIsecret', 'it is not JSON'],
  ['{ "accessKeyId": "LTAIsecret", "AccessKeySecret": "x" }', 'it lacks accessKeySecret'],
  ['"LTAIsecret"', 'it lacks accessKeyId and accessKeySecret'],
])('says what is wrong with the file %s, and quotes nothing of it', async (text, reason) => {
  const path = await makeFile(text);
  const reading = createCredentialReader({ type: 'file', path }, {})();
  await expect(reading).rejects.toMatchObject({
    code: 'CREDENTIALS_UNAVAILABLE',
    message: `No credentials from the file ${path}: ${reason}.`,
  });
});

it('says why a file cannot be read', async () => {
  const reading = createCredentialReader({ type: 'file', path: '/nowhere/key.json' }, {})();
  await expect(reading).rejects.toThrow(
    'No credentials from the file /nowhere/key.json: it cannot be read (ENOENT).',
  );
});

it('names the variables that are not set', async () => {
  const source = { type: 'env', accessKeyId: 'MY_ID', accessKeySecret: 'MY_SECRET' } as const;
  await expect(createCredentialReader(source, { MY_ID: 'LTAIa' })()).rejects.toThrow(
    'No credentials from the variables MY_ID and MY_SECRET: MY_SECRET is not set.',
  );
  await expect(createCredentialReader(source, {})()).rejects.toThrow('MY_ID and MY_SECRET are not set.');
});

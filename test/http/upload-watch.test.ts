import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { unpackInto } from '../../src/agreement/unpack.ts';
import { CUSTOMER_LIMITS } from '../../src/http/upload/limits.ts';
import { UploadWatch } from '../../src/http/upload/watch.ts';
import { makeZip } from '../support/zip.ts';

const SILENCE_MS = 1_000;

function startWatch(): UploadWatch {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  return new UploadWatch({ ...CUSTOMER_LIMITS, silenceMs: SILENCE_MS });
}

it('takes no work for silence, but what follows it', async () => {
  const watch = startWatch();
  const unpack = () => new Promise((resolve) => setTimeout(resolve, 5 * SILENCE_MS, 'unpacked'));
  const working = watch.within(watch.work(unpack));
  await vi.advanceTimersByTimeAsync(5 * SILENCE_MS);
  expect(await working).toBe('unpacked');
  const silent = expect(watch.within(new Promise(() => undefined))).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(SILENCE_MS);
  await silent;
  await watch.stop();
});

it('ends the work when it stops, and waits until it has ended', async () => {
  const watch = startWatch();
  let hasEnded = false;
  const unpack = async (signal: AbortSignal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    hasEnded = true;
  };
  const working = watch.work(unpack);
  await watch.stop();
  expect(hasEnded).toBe(true);
  await working;
});

it('unpacks nothing more once it was ended', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'a.zip');
  await writeFile(path, makeZip([{ name: 'a.pdf', content: 'a' }]));
  const into = { directory: folder, name: 'a.zip', bytesMax: 1_000, onRemark: () => undefined };
  await expect(unpackInto(path, { ...into, signal: AbortSignal.abort() })).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['a.zip']);
});

/** A machine that loses its power: what Redis had written to its file but not yet brought to the disk is gone. */
import { readdir, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished } from 'vitest';
import { uniqueName } from './redis.ts';
import { askServer, type Server } from './redis-servers.ts';

const MARKER = 'power-loss-marker';

/** The file that is written at the moment. */
async function currentFile(port: number): Promise<string> {
  const folder = (await askServer(port, 'CONFIG', 'GET', 'dir')).split(',').at(-1) ?? '';
  const files = join(folder, 'appendonlydir');
  const names = (await readdir(files)).filter((name) => name.endsWith('.incr.aof'));
  return join(files, names.sort().at(-1) ?? '');
}

export interface PowerLoss {
  /** Kills the server and cuts its file. @returns how many bytes are gone */
  strike(): Promise<number>;
}

/**
 * Writes one marker after the other, the next as soon as one is on disk. Of everything in the file, the first marker that
 * is not confirmed is surely not on disk, and whatever a client was told to be on disk stands before it.
 */
export async function watchDisk(server: Server): Promise<PowerLoss> {
  const file = await currentFile(server.port);
  const redis = new Redis(server.port, '127.0.0.1', { retryStrategy: () => null });
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  // An earlier loss on the same server left markers too.
  const name = uniqueName('marker-');
  let marker = 0;
  async function writeMarkers(): Promise<void> {
    for (;;) {
      await redis.set(MARKER, `<${name}-${++marker}>`);
      await redis.call('WAITAOF', '1', '0', '0');
    }
  }
  const writing = writeMarkers().catch(() => undefined);
  return {
    async strike() {
      await server.kill();
      await writing;
      const text = await readFile(file);
      const value = text.lastIndexOf(`<${name}-${marker}>`);
      if (value < 0) return 0;
      await truncate(file, text.lastIndexOf('*', value));
      return text.length - text.lastIndexOf('*', value);
    },
  };
}

/** A disk that confirms what it then forgets: all that was written in the last milliseconds. */
export async function watchFile(server: Server, lostMs: number): Promise<PowerLoss> {
  const file = await currentFile(server.port);
  const sizes: { at: number; size: number }[] = [];
  const look = setInterval(async () => sizes.push({ at: Date.now(), size: (await stat(file)).size }), 10);
  onTestFinished(() => clearInterval(look));
  return {
    async strike() {
      let kept = 0;
      // A moment in which something was written within that time: else there is nothing to forget.
      const young = async () => {
        kept = sizes.findLast(({ at }) => at < Date.now() - lostMs)?.size ?? 0;
        return (await stat(file)).size - kept;
      };
      await expect.poll(young, { interval: 5 }).toBeGreaterThan(0);
      clearInterval(look);
      await server.kill();
      const { size } = await stat(file);
      await truncate(file, kept);
      return size - kept;
    },
  };
}

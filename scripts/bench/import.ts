/** Rows per second validated and enqueued, against a bare `addBulk` of the same jobs; memory here and in Redis. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderTable } from '../../src/text.ts';
import { startScript, succeed } from './processes.ts';
import { writeCustomers } from './stage.ts';

const SIZES = [10_000, 100_000, 1_000_000];

export async function benchImport(redisUrl: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-bench-import-'));
  const rows = [
    [
      'rows',
      'validated/s',
      'enqueued/s',
      'bare addBulk/s',
      '÷ bare',
      'peak MiB: validate',
      'import',
      'Redis bytes/row',
    ],
  ];
  for (const size of SIZES) {
    const file = await writeCustomers(folder, size);
    const report = join(folder, `${size}.json`);
    const parameters = [file, join(folder, 'agreements'), join(folder, 'store'), `import-${size}`, report];
    const env = { ...process.env, REDIS_URL: redisUrl };
    await succeed(startScript('scripts/bench/import-once.ts', parameters, env));
    const measured = JSON.parse(await readFile(report, 'utf8')) as Record<string, number>;
    const {
      validated = 0,
      enqueued = 0,
      bare = 1,
      validateRssMiB = 0,
      importRssMiB = 0,
      bytesPerRow = 0,
    } = measured;
    const numbers = [size, validated, enqueued, bare].map((value) => value.toFixed(0));
    rows.push([
      ...numbers,
      (enqueued / bare).toFixed(2),
      ...[validateRssMiB, importRssMiB, bytesPerRow].map((value) => value.toFixed(0)),
    ]);
    process.stderr.write(`${rows.at(-1)?.join('  ')}\n`);
  }
  await rm(folder, { recursive: true });
  return renderTable(rows);
}

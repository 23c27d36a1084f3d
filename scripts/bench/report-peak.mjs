/** Loaded into every Node of a measured program: writes down its peak memory as it exits. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.BENCH_PEAKS ?? '';
process.once('exit', () => {
  // In kilobytes, on every platform.
  writeFileSync(join(folder, String(process.pid)), String(process.resourceUsage().maxRSS));
});

/** Builds after `npm ci` in a checkout; without the development dependencies there is nothing to build with. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('node_modules/@types/ali-oss')) {
  const { status } = spawnSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  process.stderr.write(
    'onboard: not built, because development dependencies are missing: run `npm ci`, then `npm prune --omit=dev --ignore-scripts`.\n',
  );
}

/** Prometheus' own judge of metrics and rules; tests that need it skip where it cannot be had. */
import { spawnSync } from 'node:child_process';
import { findProgram } from '../../src/sandbox/local-redis.ts';

const path = findProgram(['promtool']);

/** For the name of a test that skips without it. */
export const hasPromtool = path !== undefined;

/** @returns what it complains about; empty if nothing */
export function promtool(parameters: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(path ?? 'promtool', parameters, { input, encoding: 'utf8' });
  return status === 0 && stderr === '' ? '' : `${status}: ${stdout}${stderr}`;
}

/** What ships may be used by everybody: each licence is on a list, and anything else is decided by a person. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bundledPackages } from '../scripts/bundled-packages.ts';

/** They ask for a notice and nothing more. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
]);

/** Packages that do not name their licence as SPDX does, or not in their manifest; read by a person, in that version. */
const READ_BY_HAND: Record<string, string> = {
  '@darabonba/typescript@1.0.5': 'Apache-2.0',
  'pause-stream@0.0.11': 'MIT OR Apache-2.0',
  '@msgpackr-extract/msgpackr-extract-darwin-arm64@3.0.7': 'MIT',
  '@msgpackr-extract/msgpackr-extract-darwin-x64@3.0.7': 'MIT',
  '@msgpackr-extract/msgpackr-extract-linux-arm@3.0.7': 'MIT',
  '@msgpackr-extract/msgpackr-extract-win32-x64@3.0.7': 'MIT',
};

interface Locked {
  version: string;
  /** Some are lists. */
  license?: string | string[];
  dev?: boolean;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Optional ones too, and those for other machines than this one. */
const installed = Object.entries(packages)
  .filter(([path, { dev }]) => path !== '' && dev !== true)
  .map(([path, { version, license = 'none' }]) => ({
    id: `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`,
    licence: String(license),
  }));

it('every package that an installation fetches has an allowed licence', () => {
  expect(installed.length).toBeGreaterThan(200);
  const other = installed.filter(({ id, licence }) => !ALLOWED.has(licence) && !(id in READ_BY_HAND));
  expect(other).toEqual([]);
});

it('nothing was read by hand that is not used', () => {
  const used = new Set(installed.map(({ id }) => id));
  expect(Object.keys(READ_BY_HAND).filter((id) => !used.has(id))).toEqual([]);
});

it('every package that is built into the pages has an allowed licence, whose text is served with them', () => {
  const bundled = bundledPackages();
  expect(bundled.map(({ name }) => name)).toEqual(expect.arrayContaining(['preact', 'uplot']));
  expect(bundled.filter(({ licence }) => !ALLOWED.has(licence))).toEqual([]);
  for (const { text } of bundled) expect(text).toMatch(/copyright \(c\) \d{4}/i);
});

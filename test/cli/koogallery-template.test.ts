import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../support/command.ts';
import { CLEAN, type Files, partsOf } from '../support/koogallery/template.ts';
import { makeZip } from '../support/zip.ts';

const run = (words: readonly string[]) => runCommand({ environment: {} }, ['koogallery', ...words]);

async function lint(changes: Files, words: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-template-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'shop.zip');
  await writeFile(path, makeZip(partsOf({ ...CLEAN, ...changes })));
  return { path, ...(await run(['lint', path, ...words])) };
}

it('passes a template, and does not say that the marketplace accepts it', async () => {
  const { code, stdout, stderr } = await lint({});
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toContain('PASSED (RFS rules): 0 errors, 0 warnings; 8 files, ');
  expect(stderr).toContain('Whether the marketplace accepts it, its review says.');
});

it('says where, which rule, what and what to do, and ends with 4', async () => {
  const { code, stdout, stderr } = await lint({ 'a.tf': '\nlocals {\n  a = file("x")\n}\n' });
  expect(stdout).toBe(
    'FAIL  a.tf:3  banned-function: RFS bans file().\n      → Write the text into the template itself, or hand it over as a variable. (RFS constraints)\n',
  );
  expect(stderr).toContain('FAILED (RFS rules): 1 error, 0 warnings');
  expect(code).toBe(4);
});

it('ends well with warnings alone', async () => {
  const { code, stdout } = await lint({ 'a.tf': 'variable "region_id" {}' });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^WARN {2}a\.tf:1 {2}region-variable: /)]);
});

it('prints JSON', async () => {
  const { path, stdout } = await lint({ 'terraform.tfvars': '' }, ['--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ file: path, rules: 'RFS', hasPassed: false, counts: { error: 1, warning: 0 } },
    findings: [{ rule: 'tfvars', severity: 'error', file: 'terraform.tfvars', source: 'RFS packages' }],
  });
});

it('lets no name in the archive forge a line', async () => {
  const { stdout } = await lint({ 'a\nPASS\u001b[2J.tfvars': '' });
  expect(stdout.split('\n')).toHaveLength(3);
  expect(stdout).not.toContain('\u001b');
});

it('ends with 3 if there is no such file', async () => {
  expect((await run(['lint', '/no/such.zip'])).code).toBe(3);
});

it('tells which report to show', async () => {
  const { code, stderr } = await run(['qualify', '--applied', '2026-07-01']);
  expect(stderr).toMatch(/^Applied for on 2026-07-01: the audited financial report of 2025\.\n/);
  expect(stderr).toMatch(
    /of the day itself nothing.*Ask before you rely on 2024\.\n.*seal of the company.*\n.*legal entity/,
  );
  expect(code).toBe(0);
  const { stdout } = await run(['qualify', '--applied', '2026-06-30', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ auditedYears: [2025, 2024], doubtfulYears: [] });
});

it.each([[['qualify']], [['qualify', '--applied', '2026-02-30']], [['lint']]])(
  'refuses %j',
  async (words) => {
    expect((await run(words)).code).toBe(2);
  },
);

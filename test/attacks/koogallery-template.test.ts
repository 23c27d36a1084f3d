// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform.
/** `onboard koogallery lint` as it is built and installed: without the optional packages, without Redis, without network. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CLEAN, type Files, partsOf } from '../support/koogallery/template.ts';
import { runProgram } from '../support/programs.ts';
import { makeZip } from '../support/zip.ts';

const WITHOUT_OPTIONAL = `--import=${new URL('../support/without-optional.mjs', import.meta.url).href}`;
/** Nobody listens there. */
const NOWHERE = { REDIS_URL: 'redis://127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1' };

async function lint(changes: Files, env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-template-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'shop.zip');
  await writeFile(path, makeZip(partsOf({ ...CLEAN, ...changes })));
  return runProgram({ environment: NOWHERE }, ['koogallery', 'lint', path], env);
}

it('needs neither Redis nor network', async () => {
  expect(await lint({})).toMatchObject({ code: 0, stderr: expect.stringContaining('PASSED (RFS rules)') });
  const { code, stdout } = await lint({ 'a.tf': 'locals {\n  a = file("x")\n}\n', 'b.tf.json': '{' });
  expect([code, stdout]).toEqual([
    4,
    expect.stringMatching(/^FAIL {2}a\.tf:2 [\s\S]*^FAIL {2}b\.tf\.json:1 /m),
  ]);
});

it('names the optional packages if they are missing', async () => {
  const { code, stdout, stderr } = await lint({}, { NODE_OPTIONS: WITHOUT_OPTIONAL });
  expect(stderr).toContain(
    'The parsers of templates are not installed: web-tree-sitter, @tree-sitter-grammars/tree-sitter-hcl and jsonc-parser.\n  → Install with the optional packages: `npm install --include=optional`.',
  );
  expect([code, stdout]).toEqual([2, '']);
});

it('reads the worst megabyte within seconds', async () => {
  const started = performance.now();
  const worst = '%{ if ]] "${ ) <<X\n'.repeat(50_000);
  const { code, stdout } = await lint({ 'a.tf': worst });
  expect([code, stdout]).toEqual([4, expect.stringContaining('FAIL  a.tf:1  syntax: ')]);
  expect(performance.now() - started).toBeLessThan(30_000);
});

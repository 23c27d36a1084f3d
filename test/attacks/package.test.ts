/** The package as others get it: what it holds, what judges of packages say, and a project that installs it. */
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { bundledPackages } from '../../scripts/bundled-packages.ts';
import { listLuaFiles, ROOT } from '../../scripts/lua-files.ts';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { startPrivateRedis } from '../../src/sandbox/local-redis.ts';
import { makeCustomers, writeInput } from '../support/customers.ts';
import { readDocuments } from '../support/documents.ts';
import { uniqueName } from '../support/redis.ts';
import { createWorld } from '../support/world.ts';

const TSC = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
const BYTES_MAX = 1_500_000;
/** Everything else in the package is a mistake. */
const EXPECTED = [
  /^(package\.json|README(\.zh-CN)?\.md|CHANGELOG\.md|SECURITY\.md|LICENSE|\.env\.example)$/,
  /^dist\/(src|workers)\/(?!console\/).+\.(js|d\.ts|lua)$/,
  /^dist\/(console|form)\/(index\.html|assets\/[\w-]+\.(js|css|svg))(\.gz)?$/,
  /^dist\/(console|form)\/assets\/licenses\.md$/,
  /^docs\/([\w-]+\/)*[\w.-]+\.(md|conf|service|ya?ml|json)$/,
  /^examples\/(customers\.csv|library\.ts|agreements\/agreement-\d{3}\.pdf)$/,
];
/** As strict as a program can be. */
const COMPILER = ['--strict', '--target', 'es2023', '--types', 'node', '--skipLibCheck', 'false'];

let folder: string;
let tarball: Buffer;
let paths: string[];
let project: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onboard-package-'));
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const [{ filename, files }] = JSON.parse(packed);
  tarball = await readFile(join(folder, filename));
  paths = files.map(({ path }: { path: string }) => path);
  project = join(folder, 'project');
  await install(join(folder, filename));
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A project that has nothing else, outside of the repository. */
async function install(path: string): Promise<void> {
  const { devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const types = `@types/node@${devDependencies['@types/node']}`;
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error'];
  execFileSync('npm', ['install', ...quiet, path, types], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await copyFile(join(ROOT, 'examples/library.ts'), join(project, 'library.ts'));
}

/** @param file by default Node */
async function runInProject(parameters: readonly string[], file = process.execPath) {
  const program = new ChildProgram(parameters, { file, cwd: project });
  const { code } = await program.ended;
  return { code, ...program.output };
}

it('holds what it needs, and nothing else', () => {
  expect(paths.filter((path) => !EXPECTED.some((each) => each.test(path)))).toEqual([]);
  const lua = listLuaFiles().map((path) => path.replace(ROOT, 'dist/'));
  expect(paths).toEqual(expect.arrayContaining(lua));
  for (const page of ['console', 'form']) expect(paths).toContain(`dist/${page}/index.html.gz`);
  for (const agreement of ['001', '036'])
    expect(paths).toContain(`examples/agreements/agreement-${agreement}.pdf`);
  process.stderr.write(`The package has ${paths.length} files and ${tarball.length} bytes.\n`);
  expect(tarball.length).toBeLessThan(BYTES_MAX);
});

it('is a good package to those who judge packages', async () => {
  const { buffer, byteOffset, byteLength } = tarball;
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  expect((await publint({ pack: { tarball: bytes }, strict: true })).messages).toEqual([]);
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
  if (!('problems' in analysis)) throw new Error('The package has no types.');
  // It is made of ES modules only: a resolution older than `exports` finds nothing, and `require` is not promised.
  const other = analysis.problems.filter(
    (problem) =>
      problem.kind !== 'CJSResolvesToESM' &&
      !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
  );
  expect(other).toEqual([]);
});

it.each([
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
])(
  'has types that resolve by $moduleResolution, those of its dependencies included',
  async ({ module, moduleResolution }) => {
    const how = ['--module', module, '--moduleResolution', moduleResolution, '--outDir', moduleResolution];
    const compiler = await runInProject([TSC, ...COMPILER, ...how, 'library.ts']);
    expect(compiler).toMatchObject({ stdout: '', code: 0 });
  },
);

it('runs the example of the library, compiled in the project', async () => {
  const world = await createWorld();
  const customers = makeCustomers(3).map((row) => ({ ...row, CustSpaceId: uniqueName('C') }));
  const parameters = [await writeInput(world, customers), world.agreements, join(world.folder, 'results')];
  const program = new ChildProgram(['nodenext/library.js', ...parameters], {
    env: world.environment,
    cwd: project,
  });
  expect(await program.ended).toMatchObject({ code: 0 });
  expect(program.output.stdout).toContain('succeeded: 3 rows');
  expect(world.simulator.state.record.summary()).toMatchObject({ acceptedCustomers: 3, acceptedTwice: 0 });
});

it('runs every program that the page of the library shows', async ({ skip }) => {
  // Its account has a store of its own, so it cannot share a Redis; and the page asks for one that forgets nothing.
  const redis = await startPrivateRedis();
  onTestFinished(redis.stop);
  if (!redis.isReal) skip('There is no redis-server here.');
  const { simulator, environment } = await createWorld({ redisUrl: redis.url });
  const page = readDocuments().find(({ path }) => path === 'docs/library.md');
  const programs = page?.blocks.filter(({ language }) => language === 'js') ?? [];
  expect(programs).toHaveLength(2);
  const outputs = [];
  for (const { line, text } of programs) {
    await writeFile(join(project, `line-${line}.mjs`), text);
    const program = new ChildProgram([`line-${line}.mjs`], { env: environment, cwd: project });
    const { code } = await program.ended;
    expect({ code, ...program.output }).toMatchObject({ code: 0 });
    outputs.push(program.output);
  }
  expect(outputs[0]?.stdout).toContain('succeeded: 36 rows in results/succeeded.csv');
  expect(outputs[1]?.stderr).toContain('the column OfficeAddress is missing');
  expect(simulator.state.record.summary()).toMatchObject({ acceptedCustomers: 36, acceptedTwice: 0 });
});

it('has the command, the demo with its examples included', async () => {
  const npx = (...words: string[]) => runInProject(['--no', '--', 'onboard', ...words], 'npx');
  const help = await npx('--help');
  expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Usage: onboard') });
  const demo = await npx('demo', '--no-stay');
  expect(demo).toMatchObject({ code: 0 });
  expect(demo.stderr).toContain('36 customers accepted, 0 twice, 0 bad signatures');
});

it('has a list of its parts that is valid, what is built into the pages included', async () => {
  const list = execFileSync('npm', ['run', '-s', 'sbom'], { cwd: ROOT, encoding: 'utf8' });
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(list)).toBeNull();
  const { metadata, components } = JSON.parse(list) as {
    metadata: { component: { name: string } };
    components: { name: string; version: string }[];
  };
  expect(metadata.component.name).toBe('isv-onboarding');
  const parts = components.map(({ name, version }) => `${name}@${version}`);
  for (const { name, version } of bundledPackages()) expect(parts).toContain(`${name}@${version}`);
  const { dependencies, devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) expect(parts).toContain(`${name}@${dependencies[name]}`);
  for (const name of ['vitest', 'vite']) expect(parts).not.toContain(`${name}@${devDependencies[name]}`);
});

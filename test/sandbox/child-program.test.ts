/** Real programs, real signals: what a parent may rely on. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { ChildProgram } from '../../src/sandbox/child-program.ts';

const MODULE = fileURLToPath(new URL('../../src/sandbox/child-program.ts', import.meta.url));
const FOREVER = "console.error('ready', process.pid); setInterval(() => {}, 1000)";

function run(script: string): ChildProgram {
  const program = new ChildProgram(['-e', script]);
  onTestFinished(() => program.kill());
  return program;
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('resolves says once the text has come, however it was cut', async () => {
  const program = run("process.stdout.write('wor'); setTimeout(() => console.log('kers ready'), 20)");
  await program.says('workers ready', 'stdout');
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(program.output).toEqual({ stdout: 'workers ready\n', stderr: '' });
});

it('rejects says with what the program said instead when it ends without the text', async () => {
  const program = run("console.error('no port'); process.exit(2)");
  await expect(program.says('ready')).rejects.toThrow(/not yet "ready"\nno port/);
});

it('keeps the end of an output that has no end', async () => {
  const program = run("process.stdout.write('x'.repeat(6e6)); process.stdout.write('the end')");
  await program.ended;
  expect(program.output.stdout).toHaveLength(4 * 1024 * 1024);
  expect(program.output.stdout).toMatch(/the end$/);
});

it('stops a program with SIGTERM, and tolerates a second stop', async () => {
  const program = run(FOREVER);
  await program.says('ready');
  await Promise.all([program.stop(), program.stop()]);
  expect(await program.ended).toEqual({ code: null, signal: 'SIGTERM' });
  expect(program.isRunning).toBe(false);
  await program.kill();
});

it('tells whoever waits that a program is not there', async () => {
  const program = new ChildProgram([], { file: '/nowhere/program' });
  await expect(program.ended).rejects.toThrow('ENOENT');
  await program.stop();
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'takes its children with it when %s ends the parent',
  async (signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'onboard-parent-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const script = join(folder, 'parent.mjs');
    const child = `new ChildProgram(['-e', ${JSON.stringify(FOREVER)}], { stderr: 'inherit' });`;
    await writeFile(script, `import { ChildProgram } from ${JSON.stringify(MODULE)};\n${child}`);
    const parent = new ChildProgram(['--import', 'tsx', script]);
    onTestFinished(() => parent.kill());
    await parent.says('ready');
    const pid = Number(/ready (\d+)/.exec(parent.output.stderr)?.[1]);
    expect(isAlive(pid)).toBe(true);
    parent.signal(signal);
    expect(await parent.ended).toEqual({ code: null, signal });
    await expect.poll(() => isAlive(pid)).toBe(false);
  },
);

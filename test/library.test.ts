/** The package as another program uses it: the example in `examples/`, in a process of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it, onTestFinished } from 'vitest';
import { ChildProgram } from '../src/sandbox/child-program.ts';
import { makeCustomers, writeInput } from './support/customers.ts';
import { uniqueName } from './support/redis.ts';
import { createWorld } from './support/world.ts';

it('runs the example that imports, works, follows and writes the proof in one process', async () => {
  const world = await createWorld();
  const results = join(world.folder, 'results');
  // Customers that no run before has registered: the account is `default` every time.
  const customers = makeCustomers(3).map((row) => ({ ...row, CustSpaceId: uniqueName('C') }));
  const parameters = [await writeInput(world, customers), world.agreements, results];
  const program = new ChildProgram(['--import', 'tsx', 'examples/library.ts', ...parameters], {
    env: world.environment,
  });
  onTestFinished(() => program.kill());
  expect(await program.ended).toMatchObject({ code: 0 });
  expect(program.output.stdout).toContain('succeeded: 3 rows');
  expect(program.output.stderr).toContain('3 of 3');
  const rows: unknown[] = parse(await readFile(join(results, 'succeeded.csv')), { bom: true, columns: true });
  expect(rows).toHaveLength(3);
  expect(world.simulator.state.record.summary()).toMatchObject({ acceptedCustomers: 3, acceptedTwice: 0 });
});

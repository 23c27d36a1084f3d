/** Peers that answer with what a terminal obeys, a log must not hold and Redis cannot. */
import { expect, it } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld } from '../support/world.ts';

/** ESC, C1, bidi, half of a character, a line break that forges a line. */
const ODD = '\u001b]0;x\u0007\u009b31m\u202e\ud800\nforged ';
const OBEYED = /(?![\t\n])[\p{Cc}\p{Cs}\p{Bidi_Control}]/u;
const PERSONAL = 'The name 示例公司 is refused.';

async function runOdd() {
  const world = await createWorld({
    rate: 50,
    ourRate: 50,
    faults: [
      { operation: 'submit', match: 'C100001', kind: 'oddTexts', message: `ID${ODD}` },
      {
        operation: 'submit',
        match: 'C100002',
        kind: 'error',
        code: `InvalidParameter.${ODD}`,
        message: `${ODD}${PERSONAL}`,
      },
      { operation: 'authorize', match: 'C100003', kind: 'error', code: ODD, message: PERSONAL },
      { operation: 'authorize', match: 'C100004', kind: 'oddTexts', message: ODD },
      { operation: 'submit', match: 'C100005', kind: 'oddTexts', message: `${'x'.repeat(499)}😀` },
    ],
  });
  const lines: string[] = [];
  await runWorkers(world, { logger: createLogger('trace', { write: (line) => lines.push(line) }) });
  const batch = await waitUntilFinished(world, await importRows(world, makeCustomers(5)));
  return { world, lines, batch, records: (await rowsOf(world, batch.id)).map(({ record }) => record) };
}

it('submits a customer once whatever the RequestId of the acceptance, and keeps what peers say out of logs', async () => {
  const { world, lines, batch, records } = await runOdd();
  expect(batch.counts).toMatchObject({ submitted: 3, failed: 2 });
  const { acceptedTwice, acceptedCustomers } = world.simulator.state.record.summary();
  expect([acceptedCustomers, acceptedTwice, world.simulator.state.record.count('submit')]).toEqual([3, 0, 4]);
  expect(records.map(({ requestId }) => requestId)).toEqual([
    'ID??0?x??31m???forged?',
    expect.stringMatching(/^[0-9A-F-]{36}$/),
    expect.stringMatching(/^[0-9A-F-]{36}$/),
    expect.any(String),
    'x'.repeat(100),
  ]);
  // The ledger has what the peer said, in one line that no terminal obeys.
  expect(records[1]?.message).toContain(PERSONAL);
  expect(records[1]?.code).toMatch(/^InvalidParameter\.\?/);
  for (const { message = '', code = '' } of records) expect(message + code).not.toMatch(OBEYED);
  const log = lines.join('');
  expect(log).not.toMatch(OBEYED);
  expect(log).not.toContain('示例公司');
  expect(log).toContain('each ? is a character that no code or RequestId has');
});

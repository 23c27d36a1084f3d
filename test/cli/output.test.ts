/** What reaches a terminal. */
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { forTerminal } from '../../src/cli/output.ts';

it('shows a result file on a terminal without what the terminal would obey', async () => {
  const filter = forTerminal();
  const bytes = Buffer.from('\ufeffid,name\r\n1,"a\u001b[2J\u202e😀"\r\n2,"a\rb"\r\n');
  // Cut in the middle of a character.
  for (let at = 0; at < bytes.length; at += 7) filter.write(bytes.subarray(at, at + 7));
  filter.end();
  expect(await text(filter)).toBe('id,name\n1,"a\\u001b[2J\\u202e😀"\n2,"a\\u000db"\n');
});

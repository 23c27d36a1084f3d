import { expect, it } from 'vitest';
import { EventStream } from '../../src/http/events/event-stream.ts';
import { Limits } from '../../src/http/limits.ts';

it('drops a client that does not read', async () => {
  const stream = new EventStream();
  let isClosed = false;
  stream.once('close', () => {
    isClosed = true;
  });
  for (let n = 0; n < 20; n++) stream.sendText('x'.repeat(100_000));
  await expect.poll(() => isClosed).toBe(true);
  expect(await stream.caughtUp()).toBe(false);
});

it('counts places, and gives them back', () => {
  const limits = new Limits({ all: 2, each: 1 });
  const a = limits.take('a');
  expect(limits.take('a')).toBe('each');
  limits.take('b');
  expect(limits.take('c')).toBe('all');
  if (typeof a !== 'string') a();
  expect(limits.take('a')).toBeInstanceOf(Function);
});

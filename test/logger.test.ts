import { expect, it } from 'vitest';
import { rarely } from '../src/logger.ts';

it('passes trouble that repeats itself on once per interval', () => {
  let now = 1_000;
  const said: string[] = [];
  const say = rarely(
    5_000,
    (text: string) => said.push(text),
    () => now,
  );
  say('first');
  say('second');
  now += 4_999;
  say('third');
  now += 1;
  say('fourth');
  expect(said).toEqual(['first', 'fourth']);
});

import { expect, it } from 'vitest';
import { rarely } from '../src/rarely.ts';

it('trouble that repeats itself is passed on once per interval', () => {
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

import { expect, it } from 'vitest';
import { ERROR_CODES } from '../src/error-codes.ts';
import { AppError, isAboutCustomer } from '../src/errors.ts';

it('every code that speaks of a whole input is of the class that says so, and no other is', () => {
  for (const [code, facts] of Object.entries(ERROR_CODES))
    expect(facts.class === 'input').toBe(code.startsWith('INPUT_'));
});

it('a long message is kept whole: only what a peer writes is bounded', () => {
  expect(new AppError('CONFIG_INVALID', 'x'.repeat(2_000)).message).toHaveLength(2_000);
});

it.each([
  [new AppError('PEER_REFUSED', '', { class: 'customer' }), true],
  [new AppError('PEER_REFUSED', '', { class: 'unknown' }), true],
  [new AppError('PEER_REFUSED', '', { class: 'account' }), false],
  [new AppError('PEER_UNAVAILABLE', ''), false],
  [new AppError('PACE_CONTENDED', ''), false],
  [new Error('of Redis'), false],
])('%s is about a customer: %s', (error, expected) => {
  expect(isAboutCustomer(error)).toBe(expected);
});

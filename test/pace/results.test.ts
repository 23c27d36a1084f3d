/** What the scripts of the pace return, decoded. */
import { expect, it } from 'vitest';
import { adjustScript } from '../../src/pace/adjust.ts';
import { askScript } from '../../src/pace/ask.ts';
import { clearPauseScript } from '../../src/pace/clear-pause.ts';
import { closeBreakerScript } from '../../src/pace/close-breaker.ts';
import { giveBackTurnScript } from '../../src/pace/give-back-turn.ts';
import { noteAnswerScript } from '../../src/pace/note-answer.ts';
import { noteFailureScript } from '../../src/pace/note-failure.ts';

const FACTS = { due: 10, interval: 204_000, now: 9, quietSince: 8, surge: 0, lastThrottle: 7, refusals: 2 };

it.each(['granted', 'probe'])('%s comes with the pace in force', (verdict) => {
  const answer = { verdict, ...FACTS };
  const reply = Object.entries({ ...answer, isQuiet: 1 }).flat();
  expect(askScript.decode(reply)).toEqual({ ...answer, isQuiet: true });
});

it('wait comes with the time to wait, and with the server that says so', () => {
  const answer = { verdict: 'wait', wait: 500, now: 9, runId: 'a1' };
  expect(askScript.decode(Object.entries(answer).flat())).toEqual(answer);
});

it.each(['breaker', 'outage'])('%s comes with the time to wait', (verdict) => {
  expect(askScript.decode(['verdict', verdict, 'wait', 500])).toEqual({ verdict, wait: 500 });
});

it.each(['turn', 'spent'])('%s comes alone', (verdict) => {
  expect(askScript.decode(['verdict', verdict])).toEqual({ verdict });
});

it('an adjustment tells whether it was written', () => {
  expect(adjustScript.decode(['isWritten', 1])).toEqual({ isWritten: true });
  expect(adjustScript.decode(['isWritten', 0])).toEqual({ isWritten: false });
});

it('a call without an answer tells how the account stands', () => {
  const reply = { isOpen: 1, hasBegun: 0, isSame: 0, wasProbe: 1, wait: 2_000, since: 5 };
  expect(noteFailureScript.decode(Object.entries(reply).flat())).toEqual({
    isOpen: true,
    hasBegun: false,
    isSame: false,
    wasProbe: true,
    wait: 2_000,
    since: 5,
  });
});

it('an answer tells whether it has ended an outage', () => {
  expect(noteAnswerScript.decode(['hasEnded', 1, 'since', 5])).toEqual({ hasEnded: true, since: 5 });
  expect(giveBackTurnScript.decode(['wasOurs', 0])).toEqual({ wasOurs: false });
});

it('whoever lets an account go on is told what was in the way', () => {
  expect(closeBreakerScript.decode(['wasOpen', 1])).toEqual({ wasOpen: true });
  expect(clearPauseScript.decode(['isHeld', 0])).toEqual({ isHeld: false });
});

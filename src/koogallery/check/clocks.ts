/** Whether the clocks agree: a call whose time is off by more than a minute is refused, so a sale would fail. Pure. */
import { bad, type CheckFinding, note, ok } from './check-finding.ts';

/** What the marketplace's protocol allows, and half of it, in seconds. */
const OFF_MAX = 60;
const OFF_WARNED = 30;

/** @param whose such as `Redis`. @param offMs ours minus theirs */
export function judgeClock(where: string, whose: string, offMs: number): CheckFinding {
  const seconds = Math.abs(offMs) / 1_000;
  const said = {
    ...({ code: 'clock', where, what: `clock: ${whose}` } as const),
    text: `this machine is ${seconds.toFixed(0)} s ${offMs < 0 ? 'behind' : 'ahead'}`,
  };
  const hint = `Set the clocks by NTP: a call that is off by more than ${OFF_MAX} s is refused.`;
  if (seconds > OFF_MAX) return bad(said, hint);
  if (seconds > OFF_WARNED) return note(said, hint);
  return ok({ ...said, text: seconds < 1 ? 'agrees' : said.text });
}

export function unknownClock(where: string, whose: string, why: string): CheckFinding {
  const said = { code: 'clock', where, what: `clock: ${whose}`, text: `not compared: ${why}` } as const;
  return note(said, 'Compare it by hand: `date -u`, and a clock that is right.');
}

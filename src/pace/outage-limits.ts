/** What the scripts of an outage share, as constants of Lua. Milliseconds, unless said otherwise. */

/** Calls of one operation in a row that got no answer, after which it is an outage and nobody's row is blamed. */
const FAILURES_MIN = 5;
/** Rows that these calls must be of. One row alone is taken for the reason, unless nothing could even be sent. */
const ROWS_MIN = 3;
/** Failures further apart than this are not "in a row". */
const FORGOTTEN_AFTER_MS = 10 * 60_000;
/** A row that was submitted in an outage is not submitted again in it before this time. */
const SPENT_MS = 5 * 60_000;
/** A turn, or a distance between two, is never longer. */
const TURN_MAX_MS = 10 * 60_000;
/** Those who may not find out whether it is over look again after this time at the soonest. */
const OUTAGE_WAIT_MIN_MS = 250;

export const OUTAGE_PRELUDE = Object.entries({
  FAILURES_MIN,
  ROWS_MIN,
  FORGOTTEN_AFTER_MS,
  SPENT_MS,
  TURN_MAX_MS,
  OUTAGE_WAIT_MIN_MS,
})
  .map(([name, value]) => `local ${name} = ${value}`)
  .join('\n');

/** Small; `npm run bench -- sign-ups` is the same with 200 clients for a minute, and compares the pace with and without them. */
import { expect, inject, it } from 'vitest';
import { type Pace, storm } from '../../scripts/bench/sign-up-storm.ts';

const CLIENTS = 20;
/** The peer allows as many in any rolling second. */
const LIMIT = 5;
/** Wide enough for a busy machine: five gaps may lose 100 ms. */
const GUARD_MS = '20';
/** Of all calls. A machine that is busier than that has some calls arrive too close together, and they are sent again. */
const THROTTLED_SHARE_MAX = 0.05;
const ORDER = {
  ...{ clients: CLIENTS, seconds: 15, rows: 500, jitterMs: 0, submits: { before: 5, alone: 25 } },
  environment: { ONBOARD_PACE_GUARD_MS: GUARD_MS },
};

const sumOf = (parts: readonly Pace[], what: 'throttled' | 'calls') =>
  parts.reduce((sum, part) => sum + part[what], 0);

it.skipIf(!inject('hasRedisServer'))(
  'acknowledges nothing that is lost or done twice, and the peer is called no more often than it allows',
  async () => {
    const { done, wrong, unacknowledged, acceptedTwice, pace } = await storm(ORDER);
    expect(done.length).toBeGreaterThan(5 * CLIENTS);
    expect({ wrong, unacknowledged, acceptedTwice }).toEqual({
      wrong: [],
      unacknowledged: 0,
      acceptedTwice: 0,
    });
    const parts = Object.values(pace);
    for (const { throttled, most } of parts) expect(most - throttled).toBeLessThanOrEqual(LIMIT);
    // A part may have a handful of calls, of which one alone would be too many.
    const [throttled, calls] = [sumOf(parts, 'throttled'), sumOf(parts, 'calls')];
    expect(throttled).toBeLessThanOrEqual(THROTTLED_SHARE_MAX * calls);
  },
);

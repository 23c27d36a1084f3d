/** Small; `npm run bench -- sign-ups` is the same with 200 clients for a minute. */
import { expect, inject, it } from 'vitest';
import { storm } from '../../scripts/bench/sign-up-storm.ts';

const CLIENTS = 20;
/** The peer allows as many in any rolling second. */
const LIMIT = 5;
/** Wide enough for a busy machine: five gaps may lose 100 ms. */
const GUARD_MS = '20';
const ORDER = {
  ...{ clients: CLIENTS, seconds: 15, rows: 500, jitterMs: 0, submits: { before: 5, alone: 25 } },
  environment: { ONBOARD_PACE_GUARD_MS: GUARD_MS },
};
const PACE_SHARE_MIN = 0.9;

it.skipIf(!inject('hasRedisServer'))(
  'acknowledges nothing that is lost or done twice, and leaves the pace alone',
  async () => {
    const { done, wrong, unacknowledged, acceptedTwice, pace } = await storm(ORDER);
    expect(done.length).toBeGreaterThan(5 * CLIENTS);
    expect({ wrong, unacknowledged, acceptedTwice }).toEqual({
      wrong: [],
      unacknowledged: 0,
      acceptedTwice: 0,
    });
    for (const { throttled, most } of Object.values(pace)) {
      expect(throttled).toBe(0);
      expect(most).toBeLessThanOrEqual(LIMIT);
    }
    expect(pace.beside.perSecond).toBeGreaterThan(PACE_SHARE_MIN * pace.alone.perSecond);
  },
);

import { expect, it } from 'vitest';
import { concludeUsage } from '../../../src/koogallery/usage/conclude.ts';
import { tellUsage } from '../../../src/koogallery/usage/look-at-usage.ts';
import { recordUsage } from '../../../src/koogallery/usage/record.ts';
import { takeUsage } from '../../../src/koogallery/usage/take.ts';
import type { AlertEvent } from '../../../src/notify/events.ts';
import { textOf } from '../../../src/notify/texts.ts';
import { makeUsage } from '../../support/open-apis.ts';
import { connectTestRedis, uniqueName } from '../../support/redis.ts';

const MINUTE_MS = 60_000;
const TURN = { token: 'me', holdMs: 60_000 };
const usage = { ...makeUsage('i', 1), meteringSn: 'a' };

async function makeLook() {
  const access = { redis: connectTestRedis(), slug: uniqueName() };
  const events: AlertEvent[] = [];
  await recordUsage(access, [usage], { by: 'test' });
  return {
    access,
    /** @param minutes since the hour of the usage was over. @returns what was told then */
    async tell(minutes: number) {
      const raise = async (event: AlertEvent) => void events.push(event);
      await tellUsage(access, { raise, now: usage.end + minutes * MINUTE_MS });
      return events.splice(0);
    },
  };
}

const timeAfter = (minutes: number) => new Date(usage.end + minutes * MINUTE_MS).toISOString();

it('tells of each deadline before it comes, once, and not of what has been received', async () => {
  const { access, tell } = await makeLook();
  expect(await tell(9)).toEqual([]);
  expect(await tell(10)).toMatchObject([
    {
      id: expect.stringMatching(/^usage\.deadline-t\w+-deadline\.wanted-\d+$/),
      type: 'usage.deadline',
      facts: { channel: access.slug, records: 1, deadline: timeAfter(15), wantedBy: timeAfter(15) },
    },
  ]);
  expect([...(await tell(11)), ...(await tell(16)), ...(await tell(89))]).toEqual([]);
  expect(await tell(90)).toMatchObject([{ facts: { deadline: timeAfter(120), latestBy: timeAfter(120) } }]);
  await takeUsage(access, TURN, 9);
  expect(await tell(91)).toEqual([]);
  await concludeUsage(access, TURN, { results: [{ meteringSn: 'a', as: 'received' }] });
  expect(await tell(20 * 24 * 60)).toEqual([]);
});

it('tells of a deadline that was missed only if it stays missed, and why nothing is sent', async () => {
  const { access, tell } = await makeLook();
  await takeUsage(access, TURN, 9);
  const trouble = { code: 'MKT.0151', message: 'No authority.' };
  await concludeUsage(access, TURN, { results: [{ meteringSn: 'a', as: 'back' }], trouble });
  expect(await tell(300)).toEqual([]);
  expect(await tell(301)).toMatchObject([{ facts: { latestBy: timeAfter(120), code: 'MKT.0151' } }]);
});

it('tells once an hour that records are abnormal', async () => {
  const { access, tell } = await makeLook();
  await takeUsage(access, TURN, 9);
  await concludeUsage(access, TURN, { results: [{ meteringSn: 'a', as: 'abnormal', code: '007' }] });
  expect(await tell(1)).toMatchObject([{ type: 'usage.abnormal', facts: { records: 1 } }]);
  expect(await tell(2)).toEqual([]);
});

it('says it in both languages', () => {
  const at = Date.UTC(2026, 7, 9, 8, 10);
  const facts = { channel: 'cn', records: 3, deadline: 'T', wantedBy: 'T' };
  const event = { id: 'x', type: 'usage.deadline', at, facts } as const;
  expect(textOf(event, 'en')).toMatchObject({
    title: '[isv-onboarding] KooGallery, cn: 3 usage records are not reported yet; deadline T',
    lines: [
      'The marketplace asks for them until T.',
      'Look whether `onboard worker` runs, and at `onboard koogallery usage list cn`.',
      'At: 2026-08-09T08:10:00.000Z',
    ],
  });
  expect(textOf({ ...event, type: 'usage.abnormal' }, 'zh').title).toBe(
    '[isv-onboarding] 云商店 cn:3 条话单异常,未计费',
  );
});

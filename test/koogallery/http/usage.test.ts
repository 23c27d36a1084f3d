import { expect, it } from 'vitest';
import { readUsageTotals } from '../../../src/koogallery/usage/read-usage.ts';
import { makeUsage } from '../../support/open-apis.ts';
import { makeApp } from '../../support/pages.ts';
import { uniqueName } from '../../support/redis.ts';
import { makeUsageChannel } from '../../support/usage-channel.ts';
import { createWorld } from '../../support/world.ts';

const URL = '/v1/koogallery/usage';
const { begin, end } = makeUsage('i', 1);
const [beginTime, endTime] = [begin, end].map((at) => new Date(at).toISOString());

async function makeBench() {
  const channel = uniqueName();
  const world = await createWorld({ environment: await makeUsageChannel(channel, 'http://127.0.0.1:9') });
  const app = await makeApp(world);
  const record = (instanceId: string, value = '0.5') => ({ instanceId, beginTime, endTime, value });
  return {
    channel,
    record,
    totalOf: async (instance: string) =>
      (await readUsageTotals({ redis: world.redis, slug: channel }, instance))[0]?.value,
    post: (payload: object, headers: Record<string, string> = {}) =>
      app.inject({ method: 'POST', url: URL, payload, headers }),
    postCsv: (query: string, payload: string) =>
      app.inject({
        method: 'POST',
        url: `${URL}?${query}`,
        payload,
        headers: { 'content-type': 'text/csv' },
      }),
  };
}

it('takes records once, however often they come, and answers a repeated key the same', async () => {
  const { channel, post, record, totalOf } = await makeBench();
  const body = { channel, unknownInstances: true, records: [record('a'), record('b', '12345678.0001')] };
  const headers = { 'idempotency-key': uniqueName() };
  const first = await post(body, headers);
  expect([first.statusCode, first.json()]).toMatchObject([
    202,
    { channel, recorded: 2, repeated: 0, late: 0 },
  ]);
  const again = await post(body, headers);
  expect([again.statusCode, again.headers['idempotent-replayed'], again.json()]).toEqual([
    202,
    'true',
    first.json(),
  ]);
  const other = await post(body);
  expect(other.json()).toEqual({ ...first.json(), recorded: 0, repeated: 2 });
  expect(await totalOf('b')).toBe('12345678.0001');
});

it('takes a table in the words of the marketplace', async () => {
  const { channel, postCsv, totalOf } = await makeBench();
  const table = `instance_id,begin_time,end_time,usage_value\na,${beginTime},${endTime},7.25\n`;
  const taken = await postCsv(`channel=${channel}&unknownInstances=true`, table);
  expect([taken.statusCode, taken.json()]).toMatchObject([202, { recorded: 1 }]);
  expect(await totalOf('a')).toBe('7.25');
  const odd = await postCsv(`channel=${channel}`, 'instance_id,price\na,1\n');
  expect([odd.statusCode, odd.json()]).toMatchObject([422, { code: 'INPUT_HEADER' }]);
  expect((await postCsv('', table)).json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
});

it('says of every record what is wrong with it, and takes none', async () => {
  const { channel, post, record, totalOf } = await makeBench();
  const records = [record('a'), { ...record('b', '1e3'), meteringSn: 'x y' }];
  const refused = await post({ channel, records });
  expect([refused.statusCode, refused.json()]).toMatchObject([
    422,
    {
      code: 'INPUT_USAGE_INVALID',
      total: 4,
      errors: [
        { row: 1, code: 'INSTANCE_UNKNOWN' },
        { row: 2, code: 'ID_TOO_LONG' },
        { row: 2, code: 'VALUE_INVALID' },
        { row: 2, code: 'INSTANCE_UNKNOWN' },
      ],
    },
  ]);
  expect(await totalOf('a')).toBeUndefined();
  const number = await post({ channel, records: [{ ...record('a'), value: 0.5 }] });
  expect([number.statusCode, number.json().errors]).toMatchObject([400, [{ field: 'body.records.0.value' }]]);
  expect((await post({ channel: 'none', records })).json()).toMatchObject({
    status: 404,
    code: 'CHANNEL_UNKNOWN',
  });
});

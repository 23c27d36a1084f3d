import { expect, it } from 'vitest';
import { originsFrom } from '../../../src/koogallery/openapi/hosts.ts';
import { requireDone } from '../../../src/koogallery/openapi/require-done.ts';
import { verdictOf } from '../../../src/koogallery/openapi/verdicts.ts';
import { openApisForTest } from '../../support/open-apis.ts';
import { clientOf, SELLER } from '../../support/seller.ts';

const QUERY = {
  method: 'GET',
  path: '/api/mkp-openapi-public/global/v1/order/query',
  query: { orderId: 'MOCKONDEMAND' },
} as const;

it.each([
  ['MKT.0000', 200, 'done'],
  ['CBC.0000', 200, 'done'],
  ['CBC.0999', 500, 'again'],
  ['CBC.0250', 406, 'again'],
  ['CBC.0100', 500, 'form'],
  ['MKT.0101', 400, 'form'],
  ['MKT.0102', 400, 'denied'],
  ['CBC.0150', 401, 'content'],
  ['CBC.0150', 403, 'content'],
  ['MKT.0151', 401, 'denied'],
  ['MKT.9001', 500, 'content'],
  ['MKT.9003', 500, 'too-many'],
  ['92020000', 200, 'done'],
  ['92020001', 403, 'denied'],
  ['92020001', 500, 'again'],
  ['92020002', 200, 'form'],
  ['92020005', 200, 'content'],
  ['APIGW.0301', 401, 'denied'],
  ['APIGW.0106', 502, 'again'],
  [undefined, 406, 'again'],
  [undefined, 429, 'again'],
  [undefined, 404, 'form'],
  [undefined, 502, 'again'],
  [undefined, 200, 'again'],
] as const)('%s with HTTP %i is %s', (code, status, verdict) => {
  expect(verdictOf(code, status)).toBe(verdict);
});

it('tries three times, and no more', async () => {
  const apis = await openApisForTest({ faults: [{ kind: 'error', code: 'CBC.0999', times: 2 }] });
  expect(await clientOf(apis.origin).call(QUERY)).toMatchObject({ verdict: 'done', status: 200 });
  apis.faults.replace([{ kind: 'error', code: 'CBC.0250', status: 406 }]);
  expect(await clientOf(apis.origin).call(QUERY)).toMatchObject({ verdict: 'again', mayBeDone: false });
  expect(apis.calls).toHaveLength(6);
});

it('tries only once what another try cannot help', async () => {
  const apis = await openApisForTest();
  for (const fault of [
    { code: 'MKT.0101', status: 400 },
    { code: 'MKT.0151', status: 401 },
    { code: 'MKT.9001', status: 500 },
  ]) {
    apis.faults.replace([{ kind: 'error', ...fault }]);
    expect(await clientOf(apis.origin).call(QUERY)).toMatchObject({ code: fault.code, mayBeDone: false });
  }
  expect(apis.calls).toHaveLength(3);
});

it('knows whether a call may have been carried out', async () => {
  const apis = await openApisForTest({ faults: [{ kind: 'dropAfter' }] });
  expect(await clientOf(apis.origin).call(QUERY)).toMatchObject({ verdict: 'again', mayBeDone: true });
  const nowhere = await clientOf('http://127.0.0.1:9').call(QUERY);
  expect(nowhere).toMatchObject({ verdict: 'again', mayBeDone: false, message: 'no answer: ECONNREFUSED' });
});

it('goes to the second host when the first is away', async () => {
  const apis = await openApisForTest();
  const client = clientOf('', { origins: ['http://127.0.0.1:9', apis.origin] });
  expect((await client.call(QUERY)).verdict).toBe('done');
  const [first] = originsFrom('https://mkt.myhuaweicloud.com');
  expect(originsFrom(first)).toEqual([first, 'https://mkt.myhuaweicloud.cn']);
  expect(originsFrom('https://mkt.myhuaweicloud.eu')).toEqual(['https://mkt.myhuaweicloud.eu']);
});

it('waits neither for ever nor for an answer without end', async () => {
  const apis = await openApisForTest({ faults: [{ kind: 'endless' }] });
  expect(await clientOf(apis.origin).call(QUERY)).toMatchObject({
    verdict: 'again',
    mayBeDone: true,
    message: 'no proper answer: the answer is longer than 1 MB',
  });
  apis.faults.replace([{ kind: 'hang' }]);
  const outcome = await clientOf(apis.origin, { withinMs: 30 }).call(QUERY);
  expect(outcome).toMatchObject({ mayBeDone: true, message: 'no answer: no answer in time' });
});

it('says nothing secret in an error', async () => {
  const apis = await openApisForTest();
  const keys = { accessKey: SELLER.accessKey, secretKey: 'a-wrong-secret' };
  const outcome = await clientOf(apis.origin, { keys }).call(QUERY);
  expect(outcome).toMatchObject({ verdict: 'denied', code: 'APIGW.0303' });
  const refused = () => requireDone(outcome, 'The query of an order');
  expect(refused).toThrow(expect.objectContaining({ code: 'MARKETPLACE_DENIED', peerCode: 'APIGW.0303' }));
  expect(refused).toThrow('The query of an order was refused: APIGW.0303.');
  expect(JSON.stringify(outcome)).not.toMatch(/a-wrong-secret|Signature=/);
});

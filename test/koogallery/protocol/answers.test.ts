import { expect, it } from 'vitest';
import { answerProblems, appInfoProblems } from '../../../src/koogallery/protocol/answer-problems.ts';
import {
  createdAnswerV1,
  createdAnswerV2,
  licenseAnswer,
  queriedAnswerV1,
  queriedAnswerV2,
  resultAnswer,
} from '../../../src/koogallery/protocol/answers.ts';
import { isSuccess, RESULT_CODES } from '../../../src/koogallery/protocol/result-codes.ts';
import { decryptField } from '../../../src/koogallery/protocol/sensitive-field.ts';

const ACCESS = { frontEndUrl: 'https://seller.example/a', userName: 'admin', password: '密码', memo: '' };
const CIPHER = { key: 'the key', encryptType: '1' } as const;
const AT = new Date('2025-01-01T00:00:00.123Z');

it('says a code and its meaning, or what is known better, never longer than 255 characters', () => {
  expect(resultAnswer('000000')).toEqual({ resultCode: '000000', resultMsg: 'success.' });
  expect(resultAnswer('000003', 'gone')).toEqual({ resultCode: '000003', resultMsg: 'gone' });
  expect(resultAnswer('000005', '').resultMsg).toBe('internal error.');
  expect(resultAnswer('000005', '云'.repeat(300)).resultMsg).toHaveLength(255);
  expect(resultAnswer('000005', `a${'😀'.repeat(200)}`).resultMsg).toBe(`a${'😀'.repeat(127)}`);
  expect(resultAnswer('000005', '😀'.repeat(200)).resultMsg).toBe('😀'.repeat(127));
});

it('answers a create of V2.0 at once or with the promise to be asked', () => {
  expect(createdAnswerV2({ instanceId: 'a', isReady: true })).toMatchObject({
    resultCode: '000000',
    instanceId: 'a',
  });
  expect(createdAnswerV2({ instanceId: 'a', isReady: false })).toMatchObject({
    resultCode: '000004',
    instanceId: 'a',
  });
});

it('encrypts user name and password in V1.0 and nothing else', () => {
  const answer = createdAnswerV1({ instanceId: 'a', appInfo: ACCESS }, CIPHER);
  expect(answer).toMatchObject({ resultCode: '000000', encryptType: '1', instanceId: 'a' });
  expect(answer.appInfo).toMatchObject({ frontEndUrl: ACCESS.frontEndUrl });
  expect(answer.appInfo).not.toHaveProperty('memo');
  expect(decryptField(CIPHER, answer.appInfo?.userName ?? '')).toBe('admin');
  expect(decryptField(CIPHER, answer.appInfo?.password ?? '')).toBe('密码');
  const queried = queriedAnswerV1([{ instanceId: 'a', appInfo: ACCESS }], CIPHER);
  expect(decryptField(CIPHER, queried.info?.[0]?.appInfo?.password ?? '')).toBe('密码');
});

it('answers a query of V2.0 in plain text, with one usage for each charge item', () => {
  const usage = [
    { relatedInstanceId: 'sms', value: 100.00005, at: AT },
    { relatedInstanceId: 'mms', value: 50, at: AT, dashboardUrl: '' },
  ];
  const answer = queriedAnswerV2([{ instanceId: 'a', appInfo: ACCESS, usage }, { instanceId: 'b' }]);
  expect(answer.info).toEqual([
    {
      instanceId: 'a',
      appInfo: { frontEndUrl: ACCESS.frontEndUrl, userName: 'admin', password: '密码' },
      usageInfo: [
        { relatedInstanceId: 'sms', usageValue: 100.0001, statisticalTime: '20250101000000123' },
        { relatedInstanceId: 'mms', usageValue: 50, statisticalTime: '20250101000000123' },
      ],
    },
    { instanceId: 'b' },
  ]);
  expect(answerProblems({ generation: 'saas-v2', intent: 'query', answer })).toEqual([]);
});

it('answers getLicense with the License', () => {
  const answer = licenseAnswer({ instanceId: 'a', license: 'L' });
  expect(answer).toMatchObject({ resultCode: '000000', instanceId: 'a', license: 'L' });
  expect(answerProblems({ generation: 'license-v1', intent: 'license.get', answer })).toEqual([]);
});

const OK = { resultCode: '000000', resultMsg: '' };
it.each([
  ['saas-v2', 'create', null, ''],
  ['saas-v2', 'release', { resultCode: '000000' }, 'resultMsg is missing'],
  ['saas-v2', 'release', { resultMsg: 'x' }, 'resultCode is missing'],
  ['saas-v2', 'release', { ...OK, resultMsg: 'x'.repeat(256) }, 'resultMsg is longer than 255 characters'],
  ['saas-v2', 'release', { ...OK, resultCode: '123456' }, 'resultCode is no known code'],
  ['saas-v2', 'release', { ...OK, resultCode: '000106' }, 'resultCode is not an answer to release'],
  ['saas-v2', 'create', OK, 'instanceId is missing'],
  ['saas-v2', 'create', { ...OK, resultCode: '000004' }, 'instanceId is missing'],
  ['saas-v2', 'create', { ...OK, instanceId: 'x'.repeat(65) }, 'instanceId is longer than 64 characters'],
  ['saas-v1', 'create', { ...OK, instanceId: 'a' }, 'appInfo is missing'],
  ['saas-v1', 'create', { ...OK, instanceId: 'a', appInfo: {} }, 'appInfo.frontEndUrl is missing'],
  ['saas-v2', 'query', { ...OK, info: [{}] }, 'info.0.instanceId is missing'],
  [
    'saas-v2',
    'query',
    { ...OK, info: [{ instanceId: 'a', usageInfo: [{}] }] },
    'info.0.usageInfo.0.statisticalTime is missing',
  ],
  [
    'saas-v2',
    'query',
    { ...OK, info: [{ instanceId: 'a', usageInfo: [{ usageValue: 1.00001 }] }] },
    'is not a number with at most 4 decimals',
  ],
  ['license-v1', 'license.get', { ...OK, instanceId: 'a', license: '' }, 'license is empty'],
] as const)('finds in an answer of %s to %s, %j: %s', (generation, intent, answer, problem) => {
  const problems = answerProblems({ generation, intent, answer });
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.map((each) => `${each.field} ${each.problem}`).join()).toContain(problem);
});

it('asks no more of a refusal than its code and message', () => {
  for (const code of ['000001', '000002', '000005', '000100'] as const)
    expect(answerProblems({ generation: 'saas-v1', intent: 'create', answer: resultAnswer(code) })).toEqual(
      [],
    );
});

it('finds access data that are too long only once they are encrypted', () => {
  const access = { ...ACCESS, password: 'x'.repeat(80) };
  expect(appInfoProblems(access)).toEqual([]);
  expect(appInfoProblems(access, CIPHER)).toEqual([
    { field: 'password', problem: 'is longer than 128 characters' },
  ]);
  expect(appInfoProblems({ frontEndUrl: '' })).toEqual([{ field: 'frontEndUrl', problem: 'is missing' }]);
});

it('counts everything but 000000 as a failure, except the promise of a V2.0 create', () => {
  const codes = Object.keys(RESULT_CODES);
  const successes = (isV2: boolean) => codes.filter((code) => isSuccess(code, { intent: 'create', isV2 }));
  expect(successes(true)).toEqual(['000000', '000004']);
  expect(successes(false)).toEqual(['000000']);
  expect(isSuccess('000004', { intent: 'query', isV2: true })).toBe(false);
});

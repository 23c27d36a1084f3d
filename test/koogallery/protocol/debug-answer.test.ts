import { expect, it } from 'vitest';
import { ACTIVITIES, type Entrance } from '../../../src/koogallery/protocol/activities.ts';
import { answerProblems } from '../../../src/koogallery/protocol/answer-problems.ts';
import { debugAnswer } from '../../../src/koogallery/protocol/debug-answer.ts';
import { GENERATIONS, type Generation } from '../../../src/koogallery/protocol/intent.ts';
import { parseRequest } from '../../../src/koogallery/protocol/parse-request.ts';
import { decryptField } from '../../../src/koogallery/protocol/sensitive-field.ts';

const TERMS = {
  frontEndUrlOf: (instanceId: string) => `https://seller.example/${instanceId}`,
  cipher: { key: 'the key', encryptType: '2' },
  sellsPayPerUse: true,
  now: new Date('2025-01-01T00:00:00Z'),
} as const;

/** Enough for every activity there is. */
const FIELDS = {
  ...{ testFlag: '1', customerId: 'c', businessId: 'b', orderId: 'o', orderLineId: 'l', instanceId: 'i1,i2' },
  ...{ license: 'L', scene: 'RENEWAL', status: 'FREEZE', instanceStatus: 'FREEZE', flag: 1, eventId: 'e' },
  ...{ expireTime: '20250101000000', effectiveTime: '20250101000000', productInfo: '{}', tenantId: 't' },
};

const CALLS = GENERATIONS.flatMap((generation) =>
  Object.entries(ACTIVITIES[generation]).flatMap(([entrance, schemas]) =>
    Object.keys(schemas).map((activity): [Generation, Entrance, string] => [
      generation,
      entrance as Entrance,
      activity,
    ]),
  ),
);

function answerTo(generation: Generation, entrance: Entrance, activity: string) {
  const params = { ...FIELDS, activity };
  const parsed = parseRequest({ generation, entrance, activity, params, sellsPayPerUse: true });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return { intent: parsed.request.intent, answer: debugAnswer(parsed.request, TERMS) };
}

it.each(CALLS)('%s %s %s is answered completely', (generation, entrance, activity) => {
  const { intent, answer } = answerTo(generation, entrance, activity);
  expect(answer.resultCode).toBe('000000');
  expect(answerProblems({ generation, intent, answer })).toEqual([]);
});

it('repeats itself', () => {
  for (const [generation, entrance, activity] of CALLS.filter(([each]) => each !== 'saas-v1'))
    expect(answerTo(generation, entrance, activity)).toEqual(answerTo(generation, entrance, activity));
  const { answer } = answerTo('saas-v1', 'GET', 'newInstance');
  expect(answer.instanceId).toBe('b');
  expect(answer.appInfo?.frontEndUrl).toBe('https://seller.example/b');
  expect(decryptField(TERMS.cipher, answer.appInfo?.userName ?? '')).toBe('debug');
});

it('knows every instance that is asked for, with usage', () => {
  const { answer } = answerTo('saas-v2', 'POST', 'queryInstance');
  expect(answer.info?.map(({ instanceId }) => instanceId)).toEqual(['i1', 'i2']);
  expect(answer.info?.[1]?.usageInfo).toEqual([{ usageValue: 1, statisticalTime: '20250101000000000' }]);
});

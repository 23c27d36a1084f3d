/** The answer to a call that changed something, or would have. Pure but for the IV of encrypted fields. */
import {
  type Answer,
  createdAnswerV1,
  createdAnswerV2,
  licenseAnswer,
  resultAnswer,
} from '../protocol/answers.ts';
import { isResultCode } from '../protocol/result-codes.ts';
import type { Accepted } from '../registry/accept.ts';
import type { Changing } from './change-of.ts';
import { appInfoOf, type QueryTerms } from './query.ts';

type Terms = Pick<QueryTerms, 'channel' | 'seal' | 'cipher'>;

export function answerAccepted(request: Changing, accepted: Accepted, terms: Terms): Answer {
  const { code, id, instance } = accepted;
  const result = resultAnswer(isResultCode(code) ? code : '000005');
  if (instance === undefined || (code !== '000000' && code !== '000004')) return result;
  if (request.intent === 'license.get')
    return licenseAnswer({ instanceId: id, license: instance.license ?? '' });
  if (request.intent !== 'create') return result;
  if (request.generation !== 'saas-v1')
    return createdAnswerV2({ instanceId: id, isReady: code === '000000' });
  return createdAnswerV1({ instanceId: id, appInfo: appInfoOf(instance, terms) }, terms.cipher);
}

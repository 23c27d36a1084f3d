/**
 * Answers to debug calls (`testFlag=1`): complete, the same for the same call, and from nothing that is stored, because the
 * marketplace probes with ids that were never seen. Pure.
 */
import { isV1 } from './answer-problems.ts';
import {
  type Answer,
  createdAnswerV1,
  createdAnswerV2,
  type InstanceView,
  licenseAnswer,
  queriedAnswerV1,
  queriedAnswerV2,
  resultAnswer,
} from './answers.ts';
import { hmacSha256 } from './hmac.ts';
import type { MarketplaceRequest } from './intent.ts';
import type { FieldCipher } from './sensitive-field.ts';

export interface DebugTerms {
  frontEndUrlOf: (instanceId: string) => string;
  /** Used by V1.0 only. */
  cipher: FieldCipher;
  /** Such instances have usage. */
  sellsPayPerUse: boolean;
  now: Date;
}

export function debugAnswer(request: MarketplaceRequest, terms: DebugTerms): Answer {
  switch (request.intent) {
    case 'create':
      return isV1(request.generation)
        ? createdAnswerV1(
            { instanceId: request.businessId, appInfo: accessTo(request.businessId, terms) },
            terms.cipher,
          )
        : createdAnswerV2({ instanceId: request.businessId, isReady: true });
    case 'query': {
      const instances = request.instanceIds.map((instanceId) => viewOf(instanceId, terms));
      return isV1(request.generation) ? queriedAnswerV1(instances, terms.cipher) : queriedAnswerV2(instances);
    }
    case 'license.get':
      return licenseAnswer({ instanceId: request.businessId, license: debugLicense(request.orderId) });
    default:
      return resultAnswer('000000');
  }
}

function viewOf(instanceId: string, terms: DebugTerms): InstanceView {
  const appInfo = accessTo(instanceId, terms);
  return terms.sellsPayPerUse
    ? { instanceId, appInfo, usage: [{ value: 1, at: terms.now }] }
    : { instanceId, appInfo };
}

function accessTo(instanceId: string, { frontEndUrlOf }: DebugTerms) {
  return { frontEndUrl: frontEndUrlOf(instanceId), userName: 'debug', password: 'debug-only' };
}

/** Recognizable, and one for each order. */
function debugLicense(orderId: string): string {
  return `DEBUG-${hmacSha256('debug license', orderId).toString('hex').slice(0, 16).toUpperCase()}`;
}

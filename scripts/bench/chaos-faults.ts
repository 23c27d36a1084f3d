/** Faults of every kind, in about a fifth of all calls. Rules are asked in order, so later ones get a little less. */
import type { FaultRuleInput } from '../../src/sandbox/simulator/faults.ts';

const LOST = [
  'dropBefore',
  'dropAfter',
  'truncated',
  'html502',
  'empty500',
  'status302',
  'limitIn200',
] as const;

const each = (
  operation: FaultRuleInput['operation'],
  kinds: readonly FaultRuleInput['kind'][],
  share: number,
): FaultRuleInput[] => kinds.map((kind) => ({ operation, kind, share }));

export const CHAOS_FAULTS: FaultRuleInput[] = [
  ...each('submit', [...LOST, 'hangAfter'], 0.025),
  { operation: 'submit', kind: 'error', code: 'InvalidParameter.Format', share: 0.01 },
  ...each('authorize', [...LOST, 'hangBefore', 'expireShort'], 0.023),
  ...each('put', ['dropBefore', 'dropAfter', 'hangAfter', 'wrongEtag', 'noEtag'], 0.03),
  { operation: 'put', kind: 'error', code: 'ServiceUnavailable', status: 503, share: 0.03 },
  { operation: 'put', kind: 'error', code: 'SecurityTokenExpired', status: 403, share: 0.03 },
];

/** The calls of joint operation (docs/koogallery-sources.md), of which only a part of the fields is documented. Pure. */
import type { Kit } from '../../koogallery/protocol/intent.ts';
import type { Fields, Message, Messages, Occasion } from './message.ts';

function ofKit(kit: Kit, activity: string, more: Fields): Message {
  return {
    ...{ activity, entrance: 'KIT', intent: `kit.${kit}`, requires: 'tenantId' },
    fields: ({ order: { instanceId, orderId, customerId } }: Occasion) => ({
      ...{ instanceId, orderId, tenantId: customerId, tenantCode: 'probe', ...more },
    }),
  };
}

const ORG = { orgCode: 'probe-1', orgName: 'probe', parentCode: '' };

/** `flag` 1 adds. */
export const KIT_STEPS = {
  'kit.tenant': ofKit('tenant', 'tenantSync', {
    ...{ name: 'probe', domainName: 'https://probe.example.com', flag: 1 },
  }),
  'kit.application': ofKit('application', 'applicationSync', {
    ...{ appId: 'probe', clientId: 'probe-client', clientSecret: 'probe-not-a-secret', flag: 1 },
  }),
  'kit.auth': ofKit('auth', 'authSync', {
    ...{ userName: 'probe', role: 'user', enable: 'true', flag: 1, currentSyncTime: '20260101000000000' },
  }),
  'kit.org': ofKit('org', 'singleOrgSync', { ...ORG, flag: 1 }),
  'kit.orgs': ofKit('orgs', 'allOrgSync', { orgInfoList: [ORG] }),
} as const satisfies Messages;

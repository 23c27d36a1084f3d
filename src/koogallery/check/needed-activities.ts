/** Which activities the products of a channel need, by its generation and how they are charged (docs/koogallery-sources.md). Pure. */
import { type OpenChannel, sellsByUse } from '../channels.ts';

type Sold = Pick<OpenChannel, 'generation' | 'chargingModes' | 'keys'>;

const KIT = ['tenantSync', 'applicationSync', 'authSync', 'singleOrgSync', 'allOrgSync'];

/** Upgrades, change checks and order notifications are needed by some products only, and never listed. */
export function neededActivities(channel: Sold): string[] {
  return [...baseOf(channel), ...(channel.keys.kit === undefined ? [] : KIT)];
}

/** The daily debug calls are documented for these alone. */
export function isProbedDaily({ generation }: Pick<Sold, 'generation'>): boolean {
  return generation === 'saas-v2' || generation === 'saas-v1' || generation === 'license-v2';
}

function baseOf(channel: Sold): string[] {
  const isPeriodic = channel.chargingModes.includes('period');
  const isByUse = sellsByUse(channel);
  const if_ = (condition: boolean, ...names: string[]) => (condition ? names : []);
  switch (channel.generation) {
    case 'saas-v2':
      return [
        ...['newInstance', 'queryInstance', 'releaseInstance'],
        ...if_(isPeriodic || isByUse, 'refreshInstance', 'updateInstanceStatus'),
      ];
    case 'saas-v1':
      return [
        ...['newInstance', 'releaseInstance'],
        ...if_(isPeriodic, 'refreshInstance', 'expireInstance'),
        ...if_(isByUse, 'instanceStatus', 'queryInstance'),
      ];
    case 'license-v2':
      return [...if_(isPeriodic, 'refreshLicenseCode'), ...['updateLicenseCodeStatus', 'releaseLicenseCode']];
    case 'license-v1':
      return ['getLicense', ...if_(isPeriodic, 'refreshLicense', 'expireLicense'), 'releaseLicense'];
    case 'license-online':
      return [
        ...['newInstance', 'getLicenseAsync', 'releaseInstance', 'updateInstanceStatus'],
        ...if_(isPeriodic, 'refreshInstance'),
      ];
  }
}

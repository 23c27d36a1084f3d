/** The channel of `npm run bench -- koogallery`. */

export const KEY = '00000000-1111-2222-3333-444444444444';

export const CHANNEL = {
  ...{ slug: 'bench', generation: 'saas-v2', site: 'cn', key: { env: 'KOO_KEY' }, chargingModes: ['period'] },
  frontEndUrl: 'https://app.example/i/{instanceId}',
  provision: { webhook: 'https://seller.example/hook', secret: { env: 'KOO_SECRET' } },
};

/** `GET /v1/session`: who asks, and what a page has to know before anything else. */
import { z } from 'zod';
import { accountsOf } from '../../onboarding/accounts.ts';
import { ROLES } from '../../onboarding/user.ts';
import { ownVersion } from '../../onboarding/version.ts';
import { nameOf } from '../access.ts';
import { type Api, type ApiOptions, LOOKING, problems } from '../api-instance.ts';

export const sessionSchema = z
  .object({
    user: z.object({ name: z.string(), role: z.enum(ROLES), account: z.string().optional() }),
    hasLogin: z.boolean().describe('Whether people log in, so that there is somebody to log out.'),
    isRehearsal: z.boolean().describe('Nothing of any of these accounts reaches Alibaba Cloud.'),
    version: z.string(),
    accounts: z.array(z.string()).describe('Those that this user may see.'),
    channels: z.array(z.string()).describe('Those of KooGallery that this user may see.'),
    apiBase: z.string().describe('The path below which the API is.'),
  })
  .meta({
    id: 'Session',
    description: 'Who asks, and what there is.',
    examples: [
      {
        user: { name: 'ops', role: 'operator' },
        hasLogin: true,
        isRehearsal: false,
        version: '0.1.0',
        accounts: ['default'],
        channels: [],
        apiBase: '/v1',
      },
    ],
  });

export async function addSession(api: Api, { onboarding: { settings } }: ApiOptions): Promise<void> {
  api.route({
    method: 'GET',
    url: '/session',
    config: LOOKING,
    schema: {
      operationId: 'readSession',
      summary: 'Show who asks',
      tags: ['Session'],
      response: { 200: sessionSchema, ...problems() },
    },
    handler: async (request) => {
      const { role, account } = request.user ?? { role: 'viewer' };
      const visible = accountsOf(settings).filter(({ name }) => account === undefined || name === account);
      return {
        user: { name: nameOf(request), role, account },
        hasLogin: settings.http.usersFile !== undefined,
        isRehearsal: visible.length > 0 && visible.every(({ peer }) => peer === 'rehearsal'),
        version: ownVersion(),
        accounts: visible.map(({ name }) => name),
        // They are of the installation, not of an account.
        channels: account === undefined ? settings.koogallery.channels.map(({ slug }) => slug) : [],
        apiBase: `${settings.http.basePath}/v1`,
      };
    },
  });
}

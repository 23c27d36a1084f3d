/** `GET /v1/accounts`, and pausing and resuming one. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { nameOf } from '../access.ts';
import { ACTING, type Api, type ApiOptions, LOOKING, problems } from '../api-instance.ts';
import { ACCOUNT_EXAMPLE, accountSchema, toAccount } from '../json/account.ts';
import { accountFor } from '../own-account.ts';

const params = z.object({
  name: z
    .string()
    .min(1)
    .max(100)
    .describe('Name of the account.')
    .meta({ examples: ['default'] }),
});
const listSchema = z.object({ accounts: z.array(accountSchema) }).meta({
  id: 'Accounts',
  description: 'The accounts that this user may see.',
  examples: [{ accounts: [] }],
});
const oneSchema = z.object({ account: accountSchema }).meta({
  id: 'ChangedAccount',
  description: 'The account as it is now.',
  examples: [{ account: ACCOUNT_EXAMPLE }],
});

export async function addAccounts(api: Api, { onboarding }: ApiOptions): Promise<void> {
  api.route({
    method: 'GET',
    url: '/accounts',
    config: LOOKING,
    schema: {
      operationId: 'listAccounts',
      summary: 'Show how sending stands in each account',
      tags: ['Accounts'],
      response: { 200: listSchema, ...problems() },
    },
    handler: async (request) => {
      const accounts = await onboarding.accountsAtWork({ account: accountFor(request) });
      return { accounts: accounts.map(toAccount) };
    },
  });
  const verbs = {
    pause: (order: { account: string; by: string }) => onboarding.pauseAccount(order),
    resume: (order: { account: string; by: string }) => onboarding.resumeAccount(order),
  };
  for (const verb of ['pause', 'resume'] as const)
    api.route({
      method: 'POST',
      url: `/accounts/:name/${verb}`,
      config: ACTING,
      schema: {
        operationId: `${verb}Account`,
        summary: verb === 'pause' ? 'Stop sending for an account' : 'Go on with an account',
        tags: ['Accounts'],
        params,
        response: { 200: oneSchema, ...problems(404, 409) },
      },
      handler: async (request) => {
        const account = accountFor(request, request.params.name) ?? request.params.name;
        await verbs[verb]({ account, by: nameOf(request) });
        const [view] = await onboarding.accountsAtWork({ account });
        if (view === undefined) throw new AppError('ACCOUNT_UNKNOWN', `There is no account "${account}".`);
        return { account: toAccount(view) };
      },
    });
}

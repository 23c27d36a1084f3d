/** `GET /v1/customers/:custSpaceId`: everything that ever happened to one. */
import { z } from 'zod';
import { type Api, type ApiOptions, LOOKING, problems } from '../api-instance.ts';
import { customerSchema, toCustomer } from '../json/customer.ts';
import { accountFor } from '../own-account.ts';

const params = z.object({
  custSpaceId: z
    .string()
    .min(1)
    .max(100)
    .describe('The id of the customer.')
    .meta({ examples: ['C100001'] }),
});
const query = z.object({ account: z.string().max(100).optional() });

export async function addCustomers(api: Api, { onboarding }: ApiOptions): Promise<void> {
  api.route({
    method: 'GET',
    url: '/customers/:custSpaceId',
    config: LOOKING,
    schema: {
      operationId: 'readCustomer',
      summary: 'Show everything that happened to a customer, in any batch',
      tags: ['Customers'],
      params,
      querystring: query,
      response: { 200: customerSchema, ...problems(404) },
    },
    handler: async (request) => {
      const account = accountFor(request, request.query.account);
      return toCustomer(await onboarding.customer(request.params.custSpaceId, { account }));
    },
  });
}

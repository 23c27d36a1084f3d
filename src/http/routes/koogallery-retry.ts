/** What an operator does about tasks that were refused for good. */
import { z } from 'zod';
import { nameOf } from '../access.ts';
import { type Api, type ApiOptions, problems } from '../api-instance.ts';
import { ACTING_ON_ALL, channelQuery, instanceParams } from './koogallery-asked.ts';

const versions = z.array(z.number().int());

const retried = {
  id: z.string().describe('Id of the instance.'),
  retried: versions.describe('Tasks that were refused and are done again, by their versions.'),
  superseded: versions.describe('Those that a later task has made pointless: withdrawn.'),
  hastened: versions.describe('Those that waited for their next attempt, and begin now.'),
};
const EXAMPLE = { id: '03pf80c2bae96vc49b80b917bea776d7', retried: [2], superseded: [], hastened: [] };

const retriedSchema = z.object(retried).meta({
  id: 'KooGalleryRetried',
  description: 'What is done again for an instance.',
  examples: [EXAMPLE],
});

const allRetriedSchema = z.object({ instances: z.array(z.object(retried)) }).meta({
  id: 'KooGalleryAllRetried',
  description: 'What is done again, by instance.',
  examples: [{ instances: [EXAMPLE] }],
});

export async function addTaskRetries(api: Api, { onboarding }: ApiOptions): Promise<void> {
  api.route({
    method: 'POST',
    url: '/koogallery/instances/:id/retry',
    config: ACTING_ON_ALL,
    schema: {
      operationId: 'retryKooGalleryInstance',
      summary: 'Bring the refused tasks of an instance back, and let what waits begin at once',
      tags: ['KooGallery'],
      params: instanceParams,
      querystring: channelQuery,
      response: { 200: retriedSchema, ...problems(404) },
    },
    handler: async (request) => {
      const { id } = request.params;
      const koogallery = await onboarding.koogallery();
      return { id, ...(await koogallery.retry(request.query.channel, { id, by: nameOf(request) })) };
    },
  });
  api.route({
    method: 'POST',
    url: '/koogallery/instances/retry',
    config: ACTING_ON_ALL,
    schema: {
      operationId: 'retryKooGalleryInstances',
      summary: 'Do that for every instance that has refused tasks',
      tags: ['KooGallery'],
      querystring: channelQuery,
      response: { 200: allRetriedSchema, ...problems(404) },
    },
    handler: async (request) => {
      const koogallery = await onboarding.koogallery();
      return { instances: await koogallery.retryRefused(request.query.channel, { by: nameOf(request) }) };
    },
  });
}

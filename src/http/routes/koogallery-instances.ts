/** `GET /v1/koogallery/instances` and one of them: what a channel has sold. They are of the installation, not of an account. */
import { z } from 'zod';
import { viewInstance, viewTask } from '../../koogallery/instance-view.ts';
import { INSTANCE_STATES } from '../../koogallery/registry/instance-state.ts';
import { type Api, type ApiOptions, problems } from '../api-instance.ts';
import { instancePageSchema, instanceStorySchema, toInstance, toTask } from '../json/instance.ts';
import { pageQuery } from '../paging.ts';
import { CHANNEL, channelQuery, flag, instanceParams, LOOKING_AT_ALL } from './koogallery-asked.ts';

const listQuery = z.object({
  ...pageQuery,
  channel: CHANNEL,
  state: z.enum(INSTANCE_STATES).optional().describe('Only those.'),
  refused: flag.describe(
    'Only those with tasks that were refused for good; news of orders without an instance too.',
  ),
  named: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('Only what this names, in full: the id of an instance, or of an order. Comes in one page.'),
});

export async function addInstances(api: Api, { onboarding }: ApiOptions): Promise<void> {
  api.route({
    method: 'GET',
    url: '/koogallery/instances',
    config: LOOKING_AT_ALL,
    schema: {
      operationId: 'listKooGalleryInstances',
      summary: 'List the instances of a channel of KooGallery, the newest first',
      tags: ['KooGallery'],
      querystring: listQuery,
      response: { 200: instancePageSchema, ...problems(404) },
    },
    handler: async ({ query: { channel: slug, refused, ...order } }) => {
      const { instances, cursor } = await (await onboarding.koogallery()).instances(slug, {
        ...order,
        isRefused: refused,
      });
      return {
        instances: instances.map((each) => toInstance(viewInstance(slug, each))),
        next: cursor ?? null,
      };
    },
  });
  api.route({
    method: 'GET',
    url: '/koogallery/instances/:id',
    config: LOOKING_AT_ALL,
    schema: {
      operationId: 'getKooGalleryInstance',
      summary: 'Read all that was asked for an instance, and what became of it',
      tags: ['KooGallery'],
      params: instanceParams,
      querystring: channelQuery,
      response: { 200: instanceStorySchema, ...problems(404) },
    },
    handler: async ({ params: { id }, query: { channel: slug } }) => {
      const { instance, tasks } = await (await onboarding.koogallery()).instance(slug, id);
      const shown = tasks.map((task) => toTask(viewTask(task)));
      return { ...toInstance(viewInstance(slug, instance)), tasks: shown };
    },
  });
}

/** `GET /v1/koogallery/channels`, `/calls` and `/licenses`: how the channels do, and what the marketplace has asked of them. */
import { z } from 'zod';
import { type Api, type ApiOptions, problems } from '../api-instance.ts';
import { callPageSchema, toCall } from '../json/call.ts';
import { channelsSchema, licensesSchema, toChannel } from '../json/channel.ts';
import { pageQuery } from '../paging.ts';
import { CHANNEL, channelQuery, flag, LOOKING_AT_ALL } from './koogallery-asked.ts';

const TEXT_MAX = 128;

const callsQuery = z.object({
  ...pageQuery,
  channel: CHANNEL,
  failed: flag.describe('Only those that were answered with an error.'),
  activity: z
    .string()
    .min(1)
    .max(TEXT_MAX)
    .optional()
    .describe('Only those, such as `newInstance`; not of calls without a valid signature.'),
  instance: z
    .string()
    .min(1)
    .max(TEXT_MAX)
    .optional()
    .describe('Only those that name this instance, or have led to it.'),
  unverified: flag.describe(
    'The latest calls without a valid signature instead: anybody may have sent them.',
  ),
});

export async function addChannels(api: Api, options: ApiOptions): Promise<void> {
  addOverview(api, options);
  addCalls(api, options);
  addLicenses(api, options);
}

function addOverview(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'GET',
    url: '/koogallery/channels',
    config: LOOKING_AT_ALL,
    schema: {
      operationId: 'listKooGalleryChannels',
      summary: 'Show how each channel of KooGallery does',
      tags: ['KooGallery'],
      response: { 200: channelsSchema, ...problems() },
    },
    handler: async () => {
      const koogallery = await onboarding.koogallery();
      const measured = await koogallery.measures();
      const channels = measured.map(async (each) => {
        const channel = koogallery.channel(each.channel);
        const givesAway = channel.generation === 'license-v1';
        const licenses = givesAway ? await koogallery.licenses(each.channel) : undefined;
        return toChannel(channel, each, licenses);
      });
      return { channels: await Promise.all(channels) };
    },
  });
}

function addCalls(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'GET',
    url: '/koogallery/calls',
    config: LOOKING_AT_ALL,
    schema: {
      operationId: 'listKooGalleryCalls',
      summary: 'List the calls of the marketplace on a channel, the newest first; they are kept for 90 days',
      tags: ['KooGallery'],
      querystring: callsQuery,
      response: { 200: callPageSchema, ...problems(404) },
    },
    handler: async ({ query }) => {
      const { channel: slug, limit, cursor, failed, activity, instance, unverified } = query;
      const order = { limit, cursor, activity, instanceId: instance };
      const { calls, cursor: next = null } = await (await onboarding.koogallery()).calls(slug, {
        ...order,
        isFailed: failed,
        isUnverified: unverified,
      });
      return { calls: calls.map(toCall), next };
    },
  });
}

function addLicenses(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'GET',
    url: '/koogallery/licenses',
    config: LOOKING_AT_ALL,
    schema: {
      operationId: 'countKooGalleryLicenses',
      summary: 'Count the licenses that a channel can give away, and has given',
      tags: ['KooGallery'],
      querystring: channelQuery,
      response: { 200: licensesSchema, ...problems(404) },
    },
    handler: async ({ query: { channel: slug } }) => (await onboarding.koogallery()).licenses(slug),
  });
}

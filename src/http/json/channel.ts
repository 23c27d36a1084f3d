/** Channels of KooGallery as the API has them. Pure. */
import { z } from 'zod';
import type { LicenseCounts, MeasuredChannel } from '../../index.ts';
import type { OpenChannel } from '../../koogallery/channels.ts';
import { GENERATIONS } from '../../koogallery/protocol/intent.ts';
import { INSTANCE_STATES } from '../../koogallery/registry/instance-state.ts';
import { isFailure, isUnverified } from '../../koogallery/registry/read-counts.ts';
import { countsBy } from './counts.ts';
import { toUsageSummary, usageSummarySchema } from './usage.ts';

const MS_PER_SECOND = 1_000;
const count = z.number().int();
const seconds = z.number().nonnegative();

export const licensesSchema = z
  .object({
    free: count.describe('Those that can be given away.'),
    given: count,
    loaded: count.describe('Ever.'),
  })
  .meta({
    id: 'KooGalleryLicenses',
    description: 'Codes of licenses of a channel.',
    examples: [{ free: 120, given: 30, loaded: 150 }],
  });

const channelSchema = z.object({
  channel: z.string().describe('Its slug.'),
  generation: z.enum(GENERATIONS),
  site: z.string(),
  provision: z.string().describe('Who makes an instance usable.'),
  instances: z.object({
    total: count.describe('Those that are kept: a released one for 400 days.'),
    byState: countsBy(INSTANCE_STATES),
  }),
  calls: z
    .object({
      total: count.describe('Of real traffic, with a valid signature.'),
      failed: count.describe('Those of them that were answered with an error.'),
      unverified: count.describe('Without a valid signature: anybody may have sent them.'),
      tests: count.describe('Of the debugger of the seller console.'),
    })
    .describe('Ever.'),
  opening: count.describe(
    'Instances whose create is still to be done; not those that were refused, or wait for their buyers.',
  ),
  oldestOpeningSeconds: seconds.describe(
    'How long the create has waited that waits longest; 0 if none waits.',
  ),
  oldestWaitingSeconds: seconds.describe(
    'How long the instance has waited for data of its buyer that waits longest.',
  ),
  due: count.describe('Instances with a task that is not over.'),
  oldestDueSeconds: seconds.describe('How long one has waited for its turn.'),
  refused: count.describe('Tasks that were refused for good.'),
  licenses: licensesSchema.optional().describe('Where the channel gives codes away.'),
  usage: usageSummarySchema.optional().describe('Where the channel has access to the marketplace.'),
});

export const channelsSchema = z.object({ channels: z.array(channelSchema) }).meta({
  id: 'KooGalleryChannels',
  description: 'The channels of the installation, in the order of their file.',
  examples: [
    {
      channels: [
        {
          channel: 'shop',
          generation: 'saas-v2',
          site: 'intl',
          provision: 'webhook',
          instances: {
            total: 3,
            byState: { opening: 1, waiting: 0, active: 2, frozen: 0, released: 0, failed: 0 },
          },
          calls: { total: 12, failed: 0, unverified: 1, tests: 4 },
          opening: 1,
          oldestOpeningSeconds: 12.5,
          oldestWaitingSeconds: 0,
          due: 1,
          oldestDueSeconds: 0,
          refused: 0,
        },
      ],
    },
  ],
});

export function toChannel(
  { generation, site, provision, openApi }: OpenChannel,
  measured: MeasuredChannel,
  licenses: LicenseCounts | undefined,
): z.output<typeof channelSchema> {
  const { channel, instances: total, byState, opening, due, refused, usage } = measured;
  return {
    ...{ channel, generation, site, provision: provision.kind },
    instances: { total, byState },
    calls: addUp(measured),
    ...{ opening, due, refused },
    oldestOpeningSeconds: measured.oldestOpeningMs / MS_PER_SECOND,
    oldestWaitingSeconds: measured.oldestWaitingMs / MS_PER_SECOND,
    oldestDueSeconds: measured.oldestDueMs / MS_PER_SECOND,
    licenses,
    usage: openApi && toUsageSummary(usage),
  };
}

function addUp({ calls }: MeasuredChannel) {
  const sumOf = (isWanted: (call: MeasuredChannel['calls'][number]) => boolean) =>
    calls.filter(isWanted).reduce((sum, each) => sum + each.calls, 0);
  const isReal = (call: MeasuredChannel['calls'][number]) => !call.isTest && !isUnverified(call);
  return {
    total: sumOf(isReal),
    failed: sumOf((call) => isReal(call) && isFailure(call)),
    unverified: sumOf(isUnverified),
    tests: sumOf((call) => call.isTest && !isUnverified(call)),
  };
}

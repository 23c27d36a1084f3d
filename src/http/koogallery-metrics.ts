/** What is measured of the channels of KooGallery. Labels are of closed lists: activities and codes are the protocol's. */
import { Registry } from 'prom-client';
import type { ChannelMeasures } from '../index.ts';
import { makersIn } from './instruments.ts';

const MS_PER_SECOND = 1_000;

type Measured = ChannelMeasures & { channel: string };

/** Made anew for each scrape. */
export function kooGalleryRegistry(channels: readonly Measured[]): Registry {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  for (const measured of channels) setChannel(instruments, measured);
  return registry;
}

function createInstruments(registry: Registry) {
  const { counter, gauge } = makersIn(registry);
  return {
    calls: counter(
      'onboard_koogallery_calls_total',
      'Calls of the marketplace, by what they were answered; test is yes for those of its debugger.',
      'channel',
      'activity',
      'code',
      'test',
    ),
    instances: gauge('onboard_koogallery_instances', 'Instances that were ever created.', 'channel'),
    opening: gauge(
      'onboard_koogallery_instances_opening',
      'Instances whose create is still to be done; those that were refused are not among them.',
      'channel',
    ),
    oldestOpening: gauge(
      'onboard_koogallery_oldest_opening_age_seconds',
      'How long the create has waited that waits longest; 0 if none waits.',
      'channel',
    ),
    waiting: gauge(
      'onboard_koogallery_instances_waiting',
      'Instances that wait for data of their buyers.',
      'channel',
    ),
    oldestWaiting: gauge(
      'onboard_koogallery_oldest_waiting_age_seconds',
      'How long the instance has waited for data that waits longest; 0 if none waits.',
      'channel',
    ),
    due: gauge('onboard_koogallery_instances_due', 'Instances with a task that is not over.', 'channel'),
    oldestDue: gauge(
      'onboard_koogallery_oldest_due_age_seconds',
      'How long the task has waited for its turn that waits longest, those between two attempts aside.',
      'channel',
    ),
    refused: gauge('onboard_koogallery_tasks_refused', 'Tasks that were refused for good.', 'channel'),
    licenses: gauge('onboard_koogallery_licenses_free', 'Licenses that can be given away.', 'channel'),
  };
}

function setChannel(instruments: ReturnType<typeof createInstruments>, measured: Measured): void {
  const { channel } = measured;
  for (const { activity, code, isTest, calls } of measured.calls)
    instruments.calls.inc({ channel, activity, code, test: isTest ? 'yes' : 'no' }, calls);
  instruments.instances.set({ channel }, measured.instances);
  instruments.opening.set({ channel }, measured.opening);
  instruments.oldestOpening.set({ channel }, measured.oldestOpeningMs / MS_PER_SECOND);
  instruments.waiting.set({ channel }, measured.waiting);
  instruments.oldestWaiting.set({ channel }, measured.oldestWaitingMs / MS_PER_SECOND);
  instruments.due.set({ channel }, measured.due);
  instruments.oldestDue.set({ channel }, measured.oldestDueMs / MS_PER_SECOND);
  instruments.refused.set({ channel }, measured.refused);
  instruments.licenses.set({ channel }, measured.licensesFree);
}

/** What is measured of the channels of KooGallery. Labels are of closed lists: activities and codes are the protocol's. */
import { Registry } from 'prom-client';
import type { MeasuredChannel } from '../index.ts';
import { makersIn } from './instruments.ts';

const MS_PER_SECOND = 1_000;

/** Made anew for each scrape. */
export function kooGalleryRegistry(channels: readonly MeasuredChannel[]): Registry {
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
    instances: gauge(
      'onboard_koogallery_instances',
      'Instances that are kept: a released one for 400 days.',
      'channel',
    ),
    states: gauge(
      'onboard_koogallery_instances_in_state',
      'Instances by the state that they are in now.',
      'channel',
      'state',
    ),
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
    ...createUsageInstruments(registry),
  };
}

function createUsageInstruments(registry: Registry) {
  const { gauge } = makersIn(registry);
  return {
    usage: gauge(
      'onboard_koogallery_usage_records',
      'Records of usage that are kept, by state.',
      'channel',
      'state',
    ),
    deadline: gauge(
      'onboard_koogallery_usage_deadline_seconds',
      'Time until the earliest deadline of usage that the marketplace does not have, below 0 once it has passed; absent while there is none.',
      'channel',
      'deadline',
    ),
    blocked: gauge(
      'onboard_koogallery_usage_blocked',
      '1 while the marketplace takes no usage of the channel, or does not answer.',
      'channel',
    ),
  };
}

function setChannel(instruments: ReturnType<typeof createInstruments>, measured: MeasuredChannel): void {
  const { channel } = measured;
  for (const { activity, code, isTest, calls } of measured.calls)
    instruments.calls.inc({ channel, activity, code, test: isTest ? 'yes' : 'no' }, calls);
  instruments.instances.set({ channel }, measured.instances);
  for (const [state, count] of Object.entries(measured.byState))
    instruments.states.set({ channel, state }, count);
  instruments.opening.set({ channel }, measured.opening);
  instruments.oldestOpening.set({ channel }, measured.oldestOpeningMs / MS_PER_SECOND);
  instruments.waiting.set({ channel }, measured.waiting);
  instruments.oldestWaiting.set({ channel }, measured.oldestWaitingMs / MS_PER_SECOND);
  instruments.due.set({ channel }, measured.due);
  instruments.oldestDue.set({ channel }, measured.oldestDueMs / MS_PER_SECOND);
  instruments.refused.set({ channel }, measured.refused);
  instruments.licenses.set({ channel }, measured.licensesFree);
  setUsage(instruments, measured);
}

function setUsage(
  instruments: ReturnType<typeof createInstruments>,
  { channel, usage }: MeasuredChannel,
): void {
  for (const [state, count] of Object.entries(usage.counts)) instruments.usage.set({ channel, state }, count);
  for (const [deadline, ms] of Object.entries(usage.untilMs))
    instruments.deadline.set({ channel, deadline }, ms / MS_PER_SECOND);
  instruments.blocked.set({ channel }, usage.trouble === undefined ? 0 : 1);
}

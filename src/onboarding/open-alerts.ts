/** Alerts as the settings want them: to whom, and about which accounts. */
import { parseBucketPlace } from '../agreement/bucket-place.ts';
import type { Logger } from '../logger.ts';
import { Alerts, type AlertsOptions } from '../notify/alerts.ts';
import { fillIn } from '../notify/receivers.ts';
import { Durable } from '../redis/durable.ts';
import type { PeerKind } from '../redis/keys.ts';
import { openRedis } from '../redis/open.ts';
import { type Account, accountsOf } from './accounts.ts';
import { openLedger } from './open-ledger.ts';
import { placeOf, type Settings } from './settings.ts';

export interface OpenAlertsOptions extends Pick<AlertsOptions, 'timing' | 'retryMs' | 'openWatches'> {
  settings: Settings;
  /** Where addresses and secrets of the receivers are found. */
  environment: NodeJS.ProcessEnv;
  logger: Logger;
}

/** @returns undefined if nobody is to be alerted. @throws AppError CONFIG_INVALID if the environment lacks a secret */
export function startAlerts({
  settings,
  environment,
  logger,
  ...more
}: OpenAlertsOptions): Alerts | undefined {
  const receivers = fillIn(settings.alerts, environment);
  if (receivers.length === 0) return undefined;
  const accounts = accountsOf(settings);
  const { place } = settings.agreementStore;
  const alerts = new Alerts({
    receivers,
    kind: alertKindOf(accounts),
    connect: () => openRedis(placeOf(settings), { waitsForever: true }),
    openAccounts: (redis) => {
      const durable = new Durable(redis);
      return accounts.map((account) => openLedger({ account, settings, redis, durable, logger }));
    },
    folder: parseBucketPlace(place) === undefined ? place : undefined,
    way: { proxy: settings.proxy },
    logger,
    ...more,
  });
  alerts.start();
  return alerts;
}

/** Whose queue has the alerts of these accounts: a rehearsal alerts nobody who is there for the real ones. */
export function alertKindOf(accounts: readonly Pick<Account, 'peer'>[]): PeerKind {
  return accounts.some(({ peer }) => peer === 'real') ? 'real' : 'rehearsal';
}

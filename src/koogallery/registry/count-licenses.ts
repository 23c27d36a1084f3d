import { channelKeys } from '../keys.ts';
import type { ChannelAccess } from './scripts.ts';

/** Codes of licenses that are given away. */
export interface LicenseCounts {
  free: number;
  given: number;
  /** Ever. */
  loaded: number;
}

export async function countLicenses({ redis, slug }: ChannelAccess): Promise<LicenseCounts> {
  const { licensesFree, licensesGiven, licensesKnown } = channelKeys(slug);
  const [free, given, loaded] = await Promise.all([
    redis.llen(licensesFree),
    redis.hlen(licensesGiven),
    redis.scard(licensesKnown),
  ]);
  return { free, given, loaded };
}

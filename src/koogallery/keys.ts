/** Every Redis key of a channel. They share one hash tag, so one script can change all that a call is about. */
import { channelPrefix } from '../redis/keys.ts';

/** Channels by the time at which a process last had them; and what people were told of those that none has any more. */
export const KNOWN_CHANNELS = '{koogallery}:channels';
export const CHANNELS_TOLD = '{koogallery}:told';

export function channelKeys(slug: string) {
  const prefix = channelPrefix(slug);
  return {
    prefix,
    /** Instances by the time at which they were created. */
    instances: `${prefix}:instances`,
    instance: (id: string) => `${prefix}:instance:${id}`,
    /** How many instances there are, by what decides about their state; see count-states.ts. */
    standings: `${prefix}:standings`,
    /** `ORDER ID` of every instance whose order is known, so that it is found by that. */
    byOrder: `${prefix}:byOrder`,
    /** What is to be done for an instance, and was: by version. */
    tasks: (id: string) => `${prefix}:instance:${id}:tasks`,
    /** What was asked of an instance before, and the version that it led to. */
    seen: (id: string) => `${prefix}:instance:${id}:seen`,
    /** What joint operation said of it, by time. */
    kits: (id: string) => `${prefix}:instance:${id}:kits`,
    /** What is over for good, by the time at which something was last said of it. */
    ended: `${prefix}:ended`,
    /** Which instance an order has led to. */
    orders: `${prefix}:orders`,
    /** The instances of a V1.0 order, by its key without a product. */
    order: (key: string) => `${prefix}:order:${key}`,
    /** Instances with something to do, by the time at which it is due. */
    due: `${prefix}:due`,
    /** Instances whose create is still to be done and waits for no buyer, by the time at which it was asked for. */
    opening: `${prefix}:opening`,
    /** Instances whose buyers have to tell something before they can be created, by the time since when. */
    waiting: `${prefix}:waiting`,
    /** Tasks that were refused for good, as `ID/version`, by time. */
    refused: `${prefix}:refused`,
    nonce: (nonce: string) => `${prefix}:nonce:${nonce}`,
    /** Every call whose signature was right, for 90 days; and the latest of the others. */
    calls: `${prefix}:calls`,
    strangers: `${prefix}:strangers`,
    /** Calls by `activity:code`, with `:test` behind debug calls. */
    counts: `${prefix}:counts`,
    /** By activity: the last debug call that succeeded. */
    probes: `${prefix}:probes`,
    /** What was used, and how far its report has come; the scripts make all keys of it from this one. */
    usage: `${prefix}:usage`,
    /** Codes of licenses: to be given away, in their order; given to an order; all that were ever loaded. */
    licensesFree: `${prefix}:licenses:free`,
    licensesGiven: `${prefix}:licenses:given`,
    licensesKnown: `${prefix}:licenses:known`,
    /** What people were told of the channel, and who looks after that. */
    told: `${prefix}:told`,
    telling: `${prefix}:telling`,
    /** Written only to wait until it cannot be forgotten, and with it everything written before. */
    durable: `${prefix}:durable`,
  };
}

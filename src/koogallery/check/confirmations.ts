/**
 * What no machine can check, because the documents contradict each other or do not say it (docs/koogallery-sources.md): a
 * person confirms it in the seller console, or learns it from the first real order. Never counted as passed. Pure.
 */
import { type OpenChannel, sellsByUse } from '../channels.ts';

/** Something about the marketplace that only a seller can find out. */
export interface Confirmation {
  /** For programs: a code is never given another meaning. */
  code: string;
  /** What to find out. */
  what: string;
  /** What this software takes for true until then. */
  assumed: string;
  /** Where it shows. */
  where: string;
}

type Asked = Pick<OpenChannel, 'generation' | 'chargingModes' | 'keys' | 'openApi'>;

interface Entry extends Confirmation {
  /** Whether it matters to a channel. */
  concerns: (channel: Asked) => boolean;
}

const DEBUGGER = 'the debugger of the seller console (Application Tools)';
const KEYS_PAGE = 'Seller Console: Application Tools > Key Management';
const isV1 = ({ generation }: Asked) => generation === 'saas-v1' || generation === 'license-v1';
const isV2 = (channel: Asked) => !isV1(channel);
const isSaas = ({ generation }: Asked) => generation === 'saas-v1' || generation === 'saas-v2';
const is = (generation: Asked['generation']) => (channel: Asked) => channel.generation === generation;
const everywhere = () => true;

const ENTRIES: readonly Entry[] = [
  {
    code: 'keys_bound',
    what: 'Each interface category (base, joint operation, License, generic) is bound to the key configured here',
    assumed: 'order notifications are signed with the key of the base interfaces',
    ...{ where: `${KEYS_PAGE}; an orderNotify in ${DEBUGGER}`, concerns: everywhere },
  },
  {
    code: 'address_registered',
    what: 'The address registered in the console is the one that was checked, and was verified there first',
    assumed: 'nothing: an address is not known to this software',
    ...{ where: 'Seller Console: the production address of the product', concerns: everywhere },
  },
  {
    code: 'answer_time',
    what: 'How long the marketplace waits: 5 s on one page, 20 s on another',
    assumed: 'at most 5 s; the receiver answers within 2 s',
    ...{ where: DEBUGGER, concerns: everywhere },
  },
  {
    code: 'signature_v2',
    what: 'That calls are signed with sorted keys, ascending, and a timestamp in milliseconds; pages disagree',
    assumed: 'the bytes as they came, or sorted ascending; seconds or milliseconds',
    ...{ where: `${DEBUGGER}: a debug call of each activity succeeds`, concerns: isV2 },
  },
  {
    code: 'body_sign_v2',
    what: 'Whether Body-Sign is looked at in V2.0',
    assumed: 'every answer is signed',
    ...{ where: DEBUGGER, concerns: isV2 },
  },
  {
    code: 'v1_details',
    what: 'chargingMode of pay-per-use, the lengths of mobilePhone, email and saasExtendParams, and whether timeStamp may be old',
    assumed: '1 is a period and 3 one-off; any length up to 64 KiB; any age',
    ...{ where: '`onboard koogallery calls CHANNEL` after a real order of each kind', concerns: isV1 },
  },
  {
    code: 'retries_v2',
    what: 'How often the marketplace repeats a failed refresh, status, release or upgrade, and how long it polls queryInstance',
    assumed: 'any cadence; 000004 while an instance is being opened',
    ...{
      where: '`onboard koogallery calls CHANNEL` after a real order; Service Interface Messages',
      concerns: isV2,
    },
  },
  {
    code: 'change_check',
    what: 'What changeInstanceCheck says of the wanted product, and which code refuses a change',
    assumed: 'every change of an instance that is there is allowed',
    ...{ where: `${DEBUGGER}; only if your product can be upgraded at a renewal`, concerns: is('saas-v2') },
  },
  {
    code: 'expire_license',
    what: 'That a License which ends is told by expireLicense',
    assumed: 'expireLicense, with instanceId and orderId',
    ...{ where: DEBUGGER, concerns: is('license-v1') },
  },
  {
    code: 'online_cancelled',
    what: 'When an online License that is not opened is cancelled: after 2 or 3 hours',
    assumed: '2 hours',
    ...{
      where: 'the first order that fails; set createLateMinutes well below',
      concerns: is('license-online'),
    },
  },
  {
    code: 'kit_fields',
    what: 'All fields of the five joint-operation interfaces, and the RSA padding of clientSecret',
    assumed: 'every field is handed to the webhook as it came',
    ...{ where: `${DEBUGGER}; your webhook`, concerns: ({ keys }) => keys.kit !== undefined },
  },
  {
    code: 'order_fields',
    what: 'All fields of an order: currency, amounts, how phone and e-mail are protected',
    assumed: 'little is required, and all of it is handed to the webhook',
    ...{ where: 'the first real order at your webhook', concerns: ({ openApi }) => openApi !== undefined },
  },
  {
    code: 'usage_access_key',
    what: 'Whether the new usage interface wants the access key too, and how nested records are sorted',
    assumed: 'it does (openApi.usage.withAccessKey); keys ascending',
    ...{ where: 'Seller Console: 交易管理 > 话单管理 (usage records)', concerns: reportsUsage },
  },
  {
    code: 'usage_checked_later',
    what: 'That usage which was received is also billed: records are checked after the answer',
    assumed: 'received is not billed; the list of bad records is called abnormal_usage_data',
    ...{ where: 'Seller Console: 交易管理 > 话单管理, each day at first', concerns: reportsUsage },
  },
  {
    code: 'usage_day',
    what: 'In which zone the day of daily usage ends (00:00 to 01:00)',
    assumed: 'UTC',
    ...{ where: 'a ticket to the marketplace, or the bill of the first day', concerns: reportsUsage },
  },
  {
    code: 'failing_days',
    what: 'What a failing day is, and in which zone; five in a row hide the product',
    assumed: 'a day in China on which an activity had debug calls and none succeeded',
    ...{
      where: 'messages and e-mails of the Seller Console',
      concerns: (channel) => isSaas(channel) || is('license-v2')(channel),
    },
  },
  {
    code: 'europe_host',
    what: 'The host of the open APIs in Europe: mkt.myhuaweicloud.eu or mkt-euro.myhuaweicloud.com',
    assumed: 'mkt.myhuaweicloud.eu; openApi.host overrides it',
    ...{
      where: 'the finding "open API"',
      concerns: ({ openApi }) => openApi?.origin.endsWith('.eu') ?? false,
    },
  },
];

/** Those that matter to one of the channels, each once. */
export function confirmationsFor(channels: readonly Asked[]): Confirmation[] {
  return ENTRIES.filter(({ concerns }) => channels.some(concerns)).map(({ code, what, assumed, where }) => ({
    code,
    what,
    assumed,
    where,
  }));
}

function reportsUsage(channel: Asked): boolean {
  return channel.openApi !== undefined && sellsByUse(channel);
}

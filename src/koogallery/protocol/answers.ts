/**
 * The seller's answers, by generation: what they say is decided by whoever calls. `answerProblems` tells whether the
 * marketplace would take them. Pure but for the random IV of encrypted fields.
 */
import { RESULT_CODES, type ResultCode } from './result-codes.ts';
import { type EncryptType, encryptField, type FieldCipher } from './sensitive-field.ts';
import { formatUtc17 } from './time.ts';

export const RESULT_MESSAGE_LENGTH_MAX = 255;

/** How a buyer reaches an instance. Empty texts are left out. */
export interface AppInfo {
  /** For the buyer; at most 512 characters, as `adminUrl`. */
  frontEndUrl: string;
  adminUrl?: string | undefined;
  /** Plain text here; encrypted on the wire of V1.0. At most 128 characters there, so 79 bytes of text in V1.0. */
  userName?: string | undefined;
  password?: string | undefined;
  /** At most 1,024 characters. */
  memo?: string | undefined;
}

/** What was used of an instance: in all for pay-per-use; for a package one of these per charge item. */
export interface UsageFigure {
  /** For a package: the pay-per-use instance that consumes it. */
  relatedInstanceId?: string | undefined;
  /** At most four decimals. */
  value: number;
  /** Until when it was counted. */
  at: Date;
  dashboardUrl?: string | undefined;
}

export interface InstanceView {
  instanceId: string;
  /** May be missing only if the buyer gets the access data by other means. */
  appInfo?: AppInfo | undefined;
  usage?: readonly UsageFigure[] | undefined;
}

export interface UsageInfo {
  relatedInstanceId?: string;
  usageValue: number;
  statisticalTime: string;
  dashboardUrl?: string;
}

export interface InstanceInfo {
  instanceId: string;
  appInfo?: Partial<AppInfo>;
  usageInfo?: UsageInfo[];
}

/** Any answer, as it stands on the wire once `asciiJson` has written it. */
export interface Answer {
  resultCode: ResultCode;
  resultMsg: string;
  encryptType?: EncryptType;
  instanceId?: string;
  appInfo?: Partial<AppInfo>;
  info?: InstanceInfo[];
  license?: string;
}

/** All that most answers say, and every refusal. */
export function resultAnswer(resultCode: ResultCode, message?: string): Answer {
  return { resultCode, resultMsg: boundMessage(message || RESULT_CODES[resultCode].meaning) };
}

/** `newInstance` of V2.0: `000000` if the instance can be queried, `000004` if it is still being opened. */
export function createdAnswerV2({ instanceId, isReady }: { instanceId: string; isReady: boolean }): Answer {
  return { ...resultAnswer(isReady ? '000000' : '000004'), instanceId };
}

/** `newInstance` of V1.0, which knows no opening in the background: always `000000`, with the access data. */
export function createdAnswerV1(
  { instanceId, appInfo }: { instanceId: string; appInfo: AppInfo },
  cipher: FieldCipher,
): Answer {
  const { encryptType } = cipher;
  return { ...resultAnswer('000000'), encryptType, instanceId, appInfo: wireAppInfo(appInfo, cipher) };
}

/** `queryInstance` of V2.0. While instances are being opened, answer `resultAnswer('000004')` instead. */
export function queriedAnswerV2(instances: readonly InstanceView[]): Answer {
  return { ...resultAnswer('000000'), info: instances.map((each) => wireInstance(each)) };
}

/** `queryInstance` of V1.0. */
export function queriedAnswerV1(instances: readonly InstanceView[], cipher: FieldCipher): Answer {
  const info = instances.map((each) => wireInstance(each, cipher));
  return { ...resultAnswer('000000'), encryptType: cipher.encryptType, info };
}

/** `getLicense`. */
export function licenseAnswer({ instanceId, license }: { instanceId: string; license: string }): Answer {
  return { ...resultAnswer('000000'), instanceId, license };
}

/** Access data as they stand on the wire: encrypted if there is a cipher, which only V1.0 has. */
export function wireAppInfo(appInfo: AppInfo, cipher?: FieldCipher): Partial<AppInfo> {
  const secret = (text: string | undefined): string | undefined =>
    text && cipher ? encryptField(cipher, text) : text;
  const { frontEndUrl, adminUrl, userName, password, memo } = appInfo;
  return withoutBlanks({
    ...{ frontEndUrl, adminUrl },
    ...{ userName: secret(userName), password: secret(password), memo },
  });
}

function wireInstance({ instanceId, appInfo, usage }: InstanceView, cipher?: FieldCipher): InstanceInfo {
  return {
    instanceId,
    ...(appInfo && { appInfo: wireAppInfo(appInfo, cipher) }),
    ...(usage && { usageInfo: usage.map(wireUsage) }),
  };
}

function wireUsage({ relatedInstanceId, value, at, dashboardUrl }: UsageFigure): UsageInfo {
  return {
    ...withoutBlanks({ relatedInstanceId, dashboardUrl }),
    usageValue: Number(value.toFixed(4)),
    statisticalTime: formatUtc17(at),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutBlanks<T extends object>(fields: T): Defined<T> {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(kept) as Defined<T>;
}

function boundMessage(message: string): string {
  // A cut may part the two halves of one character.
  return message.slice(0, RESULT_MESSAGE_LENGTH_MAX).replace(/[\ud800-\udbff]$/, '');
}

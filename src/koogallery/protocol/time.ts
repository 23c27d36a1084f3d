/** The marketplace's ways to write a time, from and to what JavaScript has. Pure. */

/** China has had no daylight saving time since 1991. */
const CHINA_OFFSET_MS = 8 * 3_600_000;

/**
 * A Unix time in milliseconds. Pages disagree about the unit: ten digits are seconds, thirteen are milliseconds. Nothing
 * separates it from the nonce before it in what is signed, so no other form may be taken: a replay could move digits.
 */
export function parseUnixTimestamp(text: string): number | undefined {
  if (!/^[1-9]\d{9}(\d{3})?$/.test(text)) return undefined;
  return text.length === 10 ? Number(text) * 1000 : Number(text);
}

/** `yyyyMMddHHmmss` or `yyyyMMddHHmmssSSS` in UTC: `expireTime`, `timeStamp` of V1.0. Undefined if it is no time. */
export function parseCompactUtc(text: string): Date | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})?$/.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, ms = '000'] = found;
  // The parser would take the 30th of February for the 1st of March.
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return !Number.isNaN(date.getTime()) && digitsOf(date, 17) === digits17(text) ? date : undefined;
}

/** `yyyyMMddHHmmssSSS` in UTC: `timeStamp` of V1.0 and `statisticalTime`. */
export function formatUtc17(date: Date): string {
  return digitsOf(date, 17);
}

/** `yyyyMMddHHmmss` in UTC: `expireTime` as its page has it. */
export function formatUtc14(date: Date): string {
  return digitsOf(date, 14);
}

/** `yyyyMMddHHmmssSSS` in UTC+8: `timeStamp` of the kit interfaces. */
export function formatChina17(date: Date): string {
  return digitsOf(new Date(date.getTime() + CHINA_OFFSET_MS), 17);
}

/** The same read; 14 digits are no fault. */
export function parseChina(text: string): Date | undefined {
  const asUtc = parseCompactUtc(text);
  return asUtc && new Date(asUtc.getTime() - CHINA_OFFSET_MS);
}

/**
 * `effectiveTime` and `expireTime` of `getLicenseAsync`, in UTC: `2023-10-27 10:30:15 z` as in the only example, with or
 * without the zone, or digits as everywhere else.
 */
export function parseLicenseTime(text: string): Date | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{3}))? ?(?:z|utc|gmt)?$/i.exec(
    text.trim(),
  );
  return parseCompactUtc(found === null ? text : found.slice(1).join(''));
}

function digitsOf(date: Date, count: 14 | 17): string {
  return date.toISOString().replace(/\D/g, '').slice(0, count);
}

function digits17(text: string): string {
  return text.padEnd(17, '0');
}

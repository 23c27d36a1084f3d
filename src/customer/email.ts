/** E-mail addresses: which are one, and which are probably another than was meant. Pure. */
import { domainToUnicode } from 'node:url';
import { distance } from 'fastest-levenshtein';
import EmailModule from 'validator/lib/isEmail.js';
import { toHalfWidth } from './characters.ts';

/** Domains that many addresses have, long enough that a domain one key away is hardly meant. */
const COMMON = [
  ...['gmail.com', 'googlemail.com', 'hotmail.com', 'outlook.com', 'yahoo.com', 'icloud.com'],
  ...['protonmail.com', 'foxmail.com', 'aliyun.com', 'alibaba-inc.com', 'sina.com', 'sohu.com', 'yeah.net'],
  ...['yandex.com', 'naver.com', 'hanmail.net'],
];
/** As real as the common ones that they resemble. */
const NO_MISTAKE = new Set([...COMMON, 'mail.com', 'email.com', 'ymail.com', 'yahoo.co', 'sina.cn']);
/** Ends that no domain has, and those that were meant. */
const ENDS: Readonly<Record<string, string>> = {
  ...{ con: 'com', cmo: 'com', ocm: 'com', comm: 'com', coom: 'com', vom: 'com', xom: 'com', cpm: 'com' },
  ...{ ney: 'net', nte: 'net', ogr: 'org', orgg: 'org' },
};
const ASCII = /^[!-~]*$/;
/** Letters of one look like letters of another. */
const ALIKE = [/\p{sc=Latin}/u, /\p{sc=Cyrillic}/u, /\p{sc=Greek}/u, /\p{sc=Armenian}/u];

/** Takes off what a keyboard or a link has added and nobody meant. */
export function normaliseEmail(mail: string): string {
  return toHalfWidth(mail)
    .replace(/[\u3002\uff61]/g, '.')
    .replace(/^mailto:/i, '')
    .trim();
}

/** What is wrong with an address; undefined if it is one. */
export function emailProblem(mail: string): string | undefined {
  if (EmailModule.default(mail)) return undefined;
  if (/@.*[,;\s].*@/.test(mail)) return 'holds several e-mail addresses';
  return /<[^<>]+@[^<>]+>/.test(mail)
    ? 'is not an e-mail address alone; it has a name beside it'
    : 'is not an e-mail address';
}

/** Why an address is probably not the one that was meant; undefined if nothing says so. */
export function emailDoubt(mail: string): string | undefined {
  const domain = domainToUnicode(mail.slice(mail.lastIndexOf('@') + 1));
  if (ASCII.test(mail) && ASCII.test(domain)) return doubtOf(domain);
  const mixed = [mail.slice(0, mail.lastIndexOf('@')), ...domain.split('.')].some(
    (part) => ALIKE.filter((script) => script.test(part)).length > 1,
  );
  return mixed ? 'mixes letters of several scripts that look alike' : doubtOf(domain);
}

function doubtOf(domain: string): string | undefined {
  const meant = meantBy(domain);
  return meant === undefined ? undefined : `ends with ${domain}; was ${meant} meant?`;
}

function meantBy(domain: string): string | undefined {
  if (NO_MISTAKE.has(domain)) return undefined;
  const near = COMMON.find((common) => isOneKeyAway(domain, common));
  if (near !== undefined) return near;
  const [, name, end = ''] = /^(.*\.)([^.]*)$/.exec(domain) ?? [];
  return Object.hasOwn(ENDS, end) ? `${name}${ENDS[end]}` : undefined;
}

/** One letter more, less or other, or two neighbours exchanged. */
function isOneKeyAway(domain: string, common: string): boolean {
  if (Math.abs(domain.length - common.length) > 1) return false;
  const steps = distance(domain, common);
  return steps === 1 || (steps === 2 && isSwapped(domain, common));
}

function isSwapped(text: string, other: string): boolean {
  if (text.length !== other.length) return false;
  const at = [...text].findIndex((letter, index) => letter !== other[index]);
  return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2) === other;
}

/** Writes docs/runbook.md from the closed lists of codes and alerts; with `--check`, fails where it is out of date. */
import { CHATAPP_CODES } from '../src/alibaba/chatapp/codes.ts';
import type { PeerCode } from '../src/alibaba/classify.ts';
import { OSS_CODES } from '../src/alibaba/oss/codes.ts';
import { ERROR_CLASSES } from '../src/error-classes.ts';
import { ERROR_CODES, type ErrorCode } from '../src/error-codes.ts';
import { HTTP_ERROR_CODES } from '../src/http-error-codes.ts';
import { MARKETPLACE_ERROR_CODES } from '../src/marketplace-error-codes.ts';
import { EVENT_TYPES } from '../src/notify/events.ts';
import { WORDINGS } from '../src/notify/texts.ts';
import { inTable, keepPage } from './generated-page.ts';
import { TRUE_OF_ALERT } from './runbook/alerts.ts';
import { MEANINGS, TRUE_OF_CLASS } from './runbook/meanings.ts';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];
const isOfHttp = (code: string) => Object.hasOwn(HTTP_ERROR_CODES, code);
const isOfMarketplace = (code: string) => Object.hasOwn(MARKETPLACE_ERROR_CODES, code);

keepPage('docs/runbook.md', 'scripts/runbook.ts', render());

function render(): string {
  return `# Runbook

For the one who reads a code in a result file, on a terminal or in a log, or gets an alert. Find it here: what it means, what
is true at that moment, what to do. If nothing moves and there is no code, \`onboard status\` says why.

## What is true

Each code is of a class, and the class says what became of rows and account.

${inTable(
  ['class', 'what is true'],
  ERROR_CLASSES.map((name) => [name, TRUE_OF_CLASS[name]]),
)}

## Alerts

${inTable(['event', 'it says', 'when, and what is true', 'what to do'], EVENT_TYPES.map(alertRow))}

## Codes of ours

${ourCodes(codes.filter((code) => !isOfHttp(code) && !isOfMarketplace(code)))}

## Codes of the HTTP server

${ourCodes(codes.filter(isOfHttp))}

## Codes about KooGallery

What KooGallery itself answers is in [koogallery-sources.md](koogallery-sources.md).

${ourCodes(codes.filter(isOfMarketplace))}

## Codes of Chat App

They are shown as Alibaba Cloud writes them. The first line that fits counts; a code that is not here is of the class
\`unknown\`, or \`transient\` with HTTP 5xx. A submit that may have been carried out is \`ambiguous\` where it says \`transient\`.

${peerCodes(CHATAPP_CODES)}

## Codes of OSS

Of the upload of an agreement, in the same way.

${peerCodes(OSS_CODES)}
`;
}

function alertRow(type: (typeof EVENT_TYPES)[number]): string[] {
  const { title, advice } = WORDINGS[type].en;
  return [`\`${type}\``, title, TRUE_OF_ALERT[type], advice.join(' ')];
}

function ourCodes(listed: readonly ErrorCode[]): string {
  const rows = listed.map((code) => {
    const { class: errorClass, hint } = ERROR_CODES[code];
    return [`\`${code}\``, errorClass, MEANINGS[code], hint];
  });
  return inTable(['code', 'class', 'it means', 'what to do'], rows);
}

function peerCodes(listed: readonly PeerCode[]): string {
  const rows = listed.map(({ pattern, class: errorClass, hint }) => [spell(pattern), errorClass, hint]);
  return inTable(['code', 'class', 'what to do'], rows);
}

/** The beginnings that a pattern allows, as a reader who knows no patterns sees them. */
function spell({ source }: RegExp): string {
  const spelled = alternativesOf(source.replaceAll('\\', '')).map((each) => {
    const name = each.startsWith('^') ? each.slice(1) : `…${each}`;
    return name.endsWith('$') ? `\`${name.slice(0, -1)}\`` : `\`${name}…\``;
  });
  return [...new Set(spelled)].join(', ');
}

/** Writes out groups and bars: `a(b|c)?d` becomes abd, acd, ad. */
function alternativesOf(pattern: string): string[] {
  return splitAtBars(pattern).flatMap((branch) => {
    const open = branch.indexOf('(');
    if (open < 0) return [branch];
    const close = closeOf(branch, open);
    const isOptional = branch[close + 1] === '?';
    const rest = branch.slice(close + (isOptional ? 2 : 1));
    const inner = [...alternativesOf(branch.slice(open + 1, close)), ...(isOptional ? [''] : [])];
    return inner.flatMap((each) => alternativesOf(branch.slice(0, open) + each + rest));
  });
}

function splitAtBars(pattern: string): string[] {
  const branches = [''];
  let depth = 0;
  for (const letter of pattern) {
    if (letter === '(') depth++;
    if (letter === ')') depth--;
    if (letter === '|' && depth === 0) branches.push('');
    else branches[branches.length - 1] += letter;
  }
  return branches;
}

function closeOf(branch: string, open: number): number {
  let depth = 0;
  for (let at = open; at < branch.length; at++) {
    if (branch[at] === '(') depth++;
    if (branch[at] === ')' && --depth === 0) return at;
  }
  return branch.length;
}

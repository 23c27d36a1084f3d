/** `onboard koogallery check`: the list before going live. */
import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import type { CheckFinding } from '../../koogallery/check/check-finding.ts';
import type { Confirmation } from '../../koogallery/check/confirmations.ts';
import { sampleCalls } from '../../sandbox/koogallery/sample-calls.ts';
import { plural, renderTable } from '../../text.ts';
import { withOnboarding } from '../context.ts';
import { EXIT } from '../exit.ts';
import { print, say } from '../output.ts';

/** Lines of a cell: of whole words, and at most 44 characters. */
const CELL = /.{1,44}(?:\s|$)|\S+/g;

interface CheckOptions {
  url?: string;
  json?: true;
}

export function defineCheck(command: Command): void {
  command
    .description('check everything that a machine can before going live, and list what a person must confirm')
    .argument('[channel]', 'slug of the only channel; by default all')
    .option(
      '--url <address>',
      'production address, as it is registered; default: /koogallery/CHANNEL below ONBOARD_PUBLIC_URL',
    )
    .option('--json', 'print each finding as one line of JSON')
    .addHelpText(
      'after',
      '\nMakes 20 debug calls (testFlag=1) on each address, which touch nothing. Run it from outside of your network.\nExit code 2: something is wrong. What is to confirm is never counted as passed.',
    )
    .action(check);
}

async function check(channel: string | undefined, { url, json }: CheckOptions): Promise<void> {
  const address = url === undefined ? undefined : readAddress(url);
  process.exitCode = await withOnboarding(async (onboarding) => {
    const koogallery = await onboarding.koogallery();
    if (koogallery.channels.length === 0)
      throw new AppError('CONFIG_INVALID', 'There is no channel of KooGallery.', {
        hint: 'Set ONBOARD_KOOGALLERY to a file with at least one.',
      });
    const confirmations = koogallery.confirmations(channel);
    if (address !== undefined && channel === undefined && koogallery.channels.length > 1)
      throw new AppError('USAGE', '--url is the address of one channel: name it, too.');
    const counts = { bad: 0, notes: 0, ok: 0 };
    for await (const finding of koogallery.check(channel, { url: address, takeSample: sampleCalls })) {
      const level = levelOf(finding);
      counts[level === 'note' ? 'notes' : level] += 1;
      await print(json ? JSON.stringify(finding) : render(finding));
    }
    await printConfirmations(confirmations, json === true);
    const found = `${counts.bad} bad, ${plural(counts.notes, 'note')}, ${counts.ok} ok`;
    say(`${found}; ${confirmations.length} to confirm by a person.`);
    return counts.bad === 0 ? EXIT.done : EXIT.usage;
  });
}

function readAddress(text: string): URL {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new AppError('USAGE', '--url must be an address such as https://shop.example.com/koogallery/shop.');
  return new URL(text);
}

async function printConfirmations(confirmations: readonly Confirmation[], isJson: boolean): Promise<void> {
  if (isJson) {
    for (const each of confirmations) await print(JSON.stringify({ ...each, isToConfirm: true }));
    return;
  }
  await print('\nTO CONFIRM (by a person: no machine can)\n');
  const rows = confirmations.flatMap(({ what, assumed, where }) => wrapped([what, assumed, where]));
  await print(renderTable([['WHAT', 'TAKEN FOR TRUE UNTIL THEN', 'WHERE TO LOOK'], ...rows]));
}

/** A row of the table as several lines, and an empty one behind it. */
function wrapped(cells: readonly string[]): string[][] {
  const columns = cells.map((cell) => cell.match(CELL) ?? []);
  const height = Math.max(...columns.map(({ length }) => length)) + 1;
  return Array.from({ length: height }, (_, line) => columns.map((lines) => (lines[line] ?? '').trim()));
}

function levelOf({ isOk, isNote }: CheckFinding): 'bad' | 'note' | 'ok' {
  return isNote ? 'note' : isOk ? 'ok' : 'bad';
}

function render(finding: CheckFinding): string {
  const { where, what, text, hint } = finding;
  const mark = { bad: 'BAD ', note: 'note', ok: 'ok  ' }[levelOf(finding)];
  const line = `${mark} ${`${where}: ${what}`.padEnd(36)} ${text}`;
  return hint === undefined ? line : `${line}\n     → ${hint}`;
}

import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import { openContext, withOnboarding } from '../context.ts';
import { print, say } from '../output.ts';
import { defineCheck } from './koogallery-check.ts';
import { defineInstances } from './koogallery-instances.ts';
import { defineLint } from './koogallery-lint.ts';
import { defineProbe } from './koogallery-probe.ts';
import { defineQualify } from './koogallery-qualify.ts';
import { defineUsage } from './koogallery-usage.ts';

export function define(command: Command): void {
  command
    .command('serve')
    .description('answer the marketplace, and the health checks, until SIGTERM or Ctrl-C')
    .option('--allow-data-loss', 'accept a Redis that may forget what it has confirmed')
    .option('--json', 'print the address as JSON')
    .action(serve);
  const licenses = command.command('licenses').description('the codes that getLicense gives away');
  licenses
    .command('add')
    .description('load codes from a file, one on each line; those that are known already are left out')
    .argument('<channel>', 'slug of the channel')
    .argument('<file>', 'the file')
    .option('--json', 'print JSON')
    .action(addLicenses);
  licenses
    .command('list')
    .description('how many codes there are, and how many are left; never the codes')
    .argument('<channel>', 'slug of the channel')
    .option('--json', 'print JSON')
    .action(listLicenses);
  command
    .command('forget')
    .description(
      'be told no more of what a channel has left that is in ONBOARD_KOOGALLERY no more; deletes nothing',
    )
    .argument('<channel>', 'slug of the channel')
    .option('--json', 'print JSON')
    .action(forget);
  defineUsage(command);
  defineInstances(command);
  defineProbe(command.command('probe'));
  defineCheck(command.command('check'));
  defineLint(command.command('lint'));
  defineQualify(command.command('qualify'));
}

interface ServeOptions {
  allowDataLoss?: true;
  json?: true;
}

async function serve({ allowDataLoss, json }: ServeOptions): Promise<void> {
  const { serveKooGallery } = await import('../../http/koogallery/serve.ts');
  const { onboarding, logger } = openContext({ waitsForRedis: false });
  const { address } = await serveKooGallery({ onboarding, logger, allowsDataLoss: allowDataLoss === true });
  if (json) return print(JSON.stringify({ address }));
  await print(address);
  const { channels } = await onboarding.koogallery();
  say(`Channels: ${channels.map(({ slug }) => slug).join(', ')}. The address of each is ${address}SLUG.`);
}

async function forget(channel: string, { json }: { json?: true }): Promise<void> {
  await withOnboarding(async (onboarding) => (await onboarding.koogallery()).forget(channel));
  if (json) return print(JSON.stringify({ forgotten: channel }));
  say(
    `Nobody is told of ${channel} any more. With its slug in ONBOARD_KOOGALLERY, all of it is there again.`,
  );
}

async function addLicenses(channel: string, file: string, { json }: { json?: true }): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('INPUT_UNREADABLE', `${file} cannot be read.`, { cause: error });
  });
  const codes = text.split(/\r?\n/).flatMap((line) => line.replace(/^\uFEFF/, '').trim() || []);
  const added = await withOnboarding(async (onboarding) =>
    (await onboarding.koogallery()).addLicenses(channel, codes),
  );
  if (json) return print(JSON.stringify(added));
  say(`${added.added} licenses were added to ${channel}; ${added.known} were known.`);
}

async function listLicenses(channel: string, { json }: { json?: true }): Promise<void> {
  const counts = await withOnboarding(async (onboarding) =>
    (await onboarding.koogallery()).licenses(channel),
  );
  if (json) return print(JSON.stringify(counts));
  say(
    `${channel}: ${counts.free} licenses are left, ${counts.given} were given away, ${counts.loaded} loaded.`,
  );
}

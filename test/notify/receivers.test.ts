import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { AppError } from '../../src/errors.ts';
import { fillIn, receiversSchema, wants } from '../../src/notify/receivers.ts';
import { readSettings } from '../../src/onboarding/config.ts';
import { describeUnknown } from '../../src/onboarding/unknown-variables.ts';

const HOOK = 'https://hooks.slack.com/services/T/B/token';

async function environmentWith(receivers: unknown, more: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-alerts-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'alerts.json');
  await writeFile(file, JSON.stringify(receivers));
  return { ONBOARD_ALERTS: file, ...more };
}

it('the environment fills in addresses and secrets; the settings hold none', async () => {
  const receivers = [
    { type: 'slack', url: { env: 'SLACK_URL' } },
    {
      type: 'webhook',
      url: 'https://ops.example.com/hook',
      secret: { env: 'ONBOARD_HOOK_SECRET' },
      events: ['disk.low'],
    },
    { type: 'slack', url: HOOK, language: 'zh' },
  ];
  const environment = await environmentWith(receivers, { SLACK_URL: HOOK, ONBOARD_HOOK_SECRET: 'hidden' });
  const settings = readSettings(environment);
  expect(JSON.stringify(settings.alerts)).not.toContain('hidden');
  expect(describeUnknown(environment, settings)).toBeUndefined();
  const filled = fillIn(settings.alerts, environment);
  expect(filled.map(({ name }) => name)).toEqual(['slack', 'webhook', 'slack-2']);
  expect(filled[0]).toMatchObject({ url: HOOK, secret: undefined, language: 'en' });
  expect(filled[1]).toMatchObject({ secret: 'hidden' });
  expect(filled.map((each) => wants(each, 'batch.finished'))).toEqual([true, false, true]);
});

it('names everything that is wrong at once, and no value', async () => {
  const receivers = [
    { type: 'pager', url: 'https://example.com' },
    { type: 'slack', url: 'http://hidden.example.com', events: ['rain'] },
    { type: 'slack', url: HOOK, secret: { env: 'X' } },
    { type: 'webhook', url: HOOK, secret: 'hidden' },
  ];
  const environment = await environmentWith(receivers, { HTTP_PORT: 'x' });
  const { code, message } = problemsOf(environment);
  expect(code).toBe('CONFIG_INVALID');
  for (const place of ['0.type', '1.url', '1.events.0', '2.secret', '3.secret'])
    expect(message).toContain(`ONBOARD_ALERTS: ${place}: `);
  expect(message).toContain('HTTP_PORT');
  expect(message).not.toContain('hidden');
});

it('names every variable that is missing or no address, and no value', async () => {
  const receivers = [
    { type: 'slack', url: { env: 'NO_SUCH' } },
    { type: 'feishu', url: { env: 'BAD' }, secret: { env: 'NONE' } },
  ];
  const { message } = problemsOf(await environmentWith(receivers, { BAD: 'ftp://hidden' }));
  expect(message).toContain('ONBOARD_ALERTS: 0.url: NO_SUCH is not set');
  expect(message).toContain('ONBOARD_ALERTS: 1.url: BAD must be an https:// address');
  expect(message).toContain('ONBOARD_ALERTS: 1.secret: NONE is not set');
  expect(message).not.toContain('hidden');
});

it('two receivers may not have one name', () => {
  const twice = [
    { type: 'slack', name: 'ops', url: HOOK },
    { type: 'wecom', name: 'ops', url: HOOK },
  ];
  expect(receiversSchema.safeParse(twice).error?.issues[0]?.message).toContain('the same name twice');
});

function problemsOf(environment: Record<string, string>): AppError {
  try {
    readSettings(environment);
  } catch (error) {
    return error as AppError;
  }
  throw new Error('Nothing was refused.');
}

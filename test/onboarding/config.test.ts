import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { readSettings, VARIABLES } from '../../src/onboarding/config.ts';

it('has the documented defaults when nothing is set', () => {
  expect(readSettings({})).toMatchObject({
    redisUrl: 'redis://127.0.0.1:6379',
    accounts: [{ name: 'default' }],
    chatApp: { endpoint: 'https://cams.ap-southeast-1.aliyuncs.com', ratePerSecond: 5 },
    http: { host: '127.0.0.1', allowsBoardWrites: false },
  });
});

it('counts empty values as unset', () => {
  expect(readSettings({ CHATAPP_RATE_PER_SECOND: '', REDIS_URL: '' }).chatApp.ratePerSecond).toBe(5);
});

it('names every bad value and shows none', () => {
  const bad = {
    CHATAPP_RATE_PER_SECOND: 'five',
    HTTP_PORT: '70000',
    REDIS_URL: 'http://secret-host',
    ONBOARD_ADMIN_PASSWORD: 'short',
  };
  const error = catchError(() => readSettings(bad));
  expect(error.code).toBe('CONFIG_INVALID');
  for (const key of Object.keys(bad)) expect(error.message).toContain(key);
  expect(error.message).not.toMatch(/secret-host|short'/);
});

it('names every one of 14 bad values', () => {
  const bad = {
    REDIS_URL: 'http://127.0.0.1',
    CHATAPP_ENDPOINT: 'ftp://127.0.0.1',
    CHATAPP_REGION: 'Not A Region',
    CHATAPP_RATE_PER_SECOND: 'five',
    CHATAPP_TIMEOUT_MS: '-1',
    CHATAPP_ISV_TERMS_VALUE: 'x',
    OSS_SIGNATURE: 'v9',
    OSS_TIMEOUT_MS: 'x',
    ONBOARD_PACE_GUARD_MS: 'x',
    ONBOARD_CONCURRENCY: 'x',
    ONBOARD_LOCK_SECONDS: 'x',
    ONBOARD_DEADLINE_HOURS: 'x',
    ONBOARD_RETENTION_DAYS: 'x',
    HTTP_PORT: '70000',
  };
  const { message } = catchError(() => readSettings(bad));
  for (const key of Object.keys(bad)) expect(message).toContain(key);
});

it.each([
  'http://cams.example.com',
  'https://user@cams.aliyuncs.com',
  'https://cams.aliyuncs.com/path',
  'ftp://127.0.0.1',
])('refuses the endpoint %s', (endpoint) => {
  expect(catchError(() => readSettings({ CHATAPP_ENDPOINT: endpoint })).message).toContain(
    'CHATAPP_ENDPOINT',
  );
});

it('has every key of the schema in .env.example', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  for (const key of Object.keys(VARIABLES)) expect(text).toMatch(new RegExp(`^#?${key}=`, 'm'));
});

function catchError(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('no AppError');
}

import { expect, it, vi } from 'vitest';
import { outputRulesOf } from '../../src/cli/output-rules.ts';
import { parseSettings } from '../../src/onboarding/settings.ts';

it('counts the source, the agreements and the configuration among the inputs of a command', () => {
  vi.stubEnv('ONBOARD_ACCOUNTS', '/etc/accounts.json');
  const settings = parseSettings({
    accounts: [{ name: 'default', credentials: { type: 'file', path: '/etc/key.json' } }],
    agreementStore: { place: '/var/store' },
  });
  const { force, inputs } = outputRulesOf(settings, { force: true }, { file: '-', agreements: './signed' });
  expect(force).toBe(true);
  expect(inputs?.files).toEqual(
    expect.arrayContaining(['/dev/stdin', '.env', '/etc/accounts.json', '/etc/key.json']),
  );
  expect(inputs?.folders).toEqual(['./signed', '/var/store']);
  vi.unstubAllEnvs();
});

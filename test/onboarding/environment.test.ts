import { expect, it } from 'vitest';
import { readEnvFile } from '../../src/onboarding/env-file.ts';
import { describeUnknown } from '../../src/onboarding/unknown-variables.ts';

const NO_ACCOUNTS = { accounts: [] };

it('.env sets variables, whatever mark and line ends its editor has left', () => {
  expect(readEnvFile('\uFEFFREDIS_URL=redis://a\r\nLOG_LEVEL="debug"\r\n')).toEqual({
    variables: { REDIS_URL: 'redis://a', LOG_LEVEL: 'debug' },
    warnings: [],
  });
});

it.each(['NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'DEBUG'])(
  '.env cannot set %s',
  (name) => {
    expect(readEnvFile(`${name}=0\nLOG_LEVEL=info`)).toEqual({
      variables: { LOG_LEVEL: 'info' },
      warnings: [`.env: ${name} is ignored; set it where this program is started.`],
    });
  },
);

it('names the file in which a variable is ignored', () => {
  expect(readEnvFile('DEBUG=1', '/etc/onboard/onboard.env').warnings).toEqual([
    '/etc/onboard/onboard.env: DEBUG is ignored; set it where this program is started.',
  ]);
});

it('names unknown variables, with the nearest known ones', () => {
  const environment = {
    ONBOARD_ACOUNTS: 'x',
    CHATAPP_RATE_PER_SEC: '3',
    ONBOARD_SOMETHING_ELSE_ENTIRELY: '1',
    OSS_ENDPOINT_ALLOWED: '.x.com',
    CHATAPP_REGION: 'known',
    PATH: '/bin',
    ONBOARD_IMAGE: 'of compose',
  };
  expect(describeUnknown(environment, NO_ACCOUNTS)).toBe(
    'unknown variables are ignored: CHATAPP_RATE_PER_SEC (did you mean CHATAPP_RATE_PER_SECOND?), ' +
      'ONBOARD_ACOUNTS (did you mean ONBOARD_ACCOUNTS?), ONBOARD_SOMETHING_ELSE_ENTIRELY, ' +
      'OSS_ENDPOINT_ALLOWED (did you mean OSS_ENDPOINT_ALLOW?)',
  );
});

it('names those that begin as others do only if they are next to one of ours', () => {
  const environment = {
    ...{ HTTP_PRT: '1', REDIS_CAA: '1', OSS_REGOIN: '1', ALIBABA_CLOUD_ACCES_KEY_ID: '1' },
    ...{ HTTP_PROXY: '1', REDIS_PORT: '1', ALIBABA_CLOUD_ROLE_ARN: '1', HOSTNAME: '1' },
  };
  expect(describeUnknown(environment, NO_ACCOUNTS)).toBe(
    'unknown variables are ignored: ALIBABA_CLOUD_ACCES_KEY_ID (did you mean ALIBABA_CLOUD_ACCESS_KEY_ID?), ' +
      'HTTP_PRT (did you mean HTTP_PORT?), OSS_REGOIN (did you mean OSS_REGION?), REDIS_CAA (did you mean REDIS_CA?)',
  );
});

it('knows the variables that accounts name', () => {
  const credentials = { type: 'env', accessKeyId: 'ONBOARD_KEY_A', accessKeySecret: 'B' } as const;
  const environment = { ONBOARD_KEY_A: 'x' };
  expect(describeUnknown(environment, { accounts: [{ name: 'a', credentials }] })).toBeUndefined();
  expect(describeUnknown(environment, NO_ACCOUNTS)).toContain('ONBOARD_KEY_A');
});

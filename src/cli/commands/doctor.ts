import type { Command } from 'commander';
import type { AgreementStore } from '../../agreement/store.ts';
import { AppError } from '../../errors.ts';
import { checkAccount, type Finding } from '../../onboarding/check-account.ts';
import { openRuntime } from '../../onboarding/open-account.ts';
import { openAgreementStore } from '../../onboarding/open-store.ts';
import { closeQueues } from '../../queue/queues.ts';
import { connectRedis, inspectRedis, type RedisFacts } from '../../redis/connect.ts';
import { plural } from '../../text.ts';
import { loadSettings, type Settings } from '../context.ts';
import { EXIT } from '../exit.ts';
import { print } from '../output.ts';

const REDIS_VERSION_MIN = [6, 2] as const;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check configuration, Redis, agreement store and every account; a line each, with the mend')
    .option('--json', 'print each finding as one line of JSON')
    .action(async ({ json }: { json?: true }) => {
      // A configuration that cannot be read ends here, with every problem named.
      const settings = loadSettings();
      const findings: Finding[] = [
        { what: 'configuration', isOk: true, text: plural(settings.accounts.length, 'account') },
      ];
      for await (const finding of examine(settings)) {
        findings.push(finding);
      }
      for (const finding of findings) await print(json ? JSON.stringify(finding) : render(finding));
      process.exitCode = findings.every(({ isOk }) => isOk) ? EXIT.done : EXIT.usage;
    });
}

async function* examine({ config, accounts, logger }: Settings): AsyncGenerator<Finding> {
  yield await checkStore(openAgreementStore(config, process.env));
  const redis = connectRedis(config.REDIS_URL, { waitsForever: true });
  try {
    const facts = await inspectRedis(redis).catch(() => undefined);
    if (facts === undefined) {
      yield {
        what: 'Redis',
        isOk: false,
        text: 'does not answer at REDIS_URL',
        mend: 'Start Redis, or correct REDIS_URL.',
      };
      return;
    }
    yield* redisFindings(facts);
    for (const account of accounts) {
      const runtime = openRuntime({ account, config, redis, logger, environment: process.env });
      for (const finding of await checkAccount(runtime))
        yield { ...finding, what: `${account.name}: ${finding.what}` };
      await closeQueues(runtime.queues);
    }
  } finally {
    redis.disconnect();
  }
}

async function checkStore(store: AgreementStore): Promise<Finding> {
  const finding = { what: 'agreement store', isOk: true, text: store.description };
  try {
    await store.check();
    return finding;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...finding, isOk: false, text: error.message, mend: error.hint };
  }
}

function* redisFindings({ version, policy, isAppendOnly }: RedisFacts): Generator<Finding> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough =
    major > REDIS_VERSION_MIN[0] || (major === REDIS_VERSION_MIN[0] && minor >= REDIS_VERSION_MIN[1]);
  yield { what: 'Redis', isOk: isNewEnough, text: `version ${version}`, mend: 'Use Redis 6.2 or newer.' };
  yield {
    what: 'Redis: eviction',
    isOk: policy === 'noeviction',
    text: policy ?? 'unknown: the server does not tell',
    mend: 'CONFIG SET maxmemory-policy noeviction, and in redis.conf: Redis must not drop customers.',
  };
  yield {
    what: 'Redis: persistence',
    isOk: isAppendOnly === true,
    text: isAppendOnly === true ? 'append-only file' : 'no append-only file',
    mend: 'CONFIG SET appendonly yes, and in redis.conf: without it a crash of Redis loses recent work.',
  };
}

function render({ what, isOk, text, mend }: Finding): string {
  return `${isOk ? 'ok  ' : 'BAD '} ${what.padEnd(28)} ${text}${isOk || mend === undefined ? '' : `\n     → ${mend}`}`;
}

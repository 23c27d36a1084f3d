import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { untilSignal } from '../../onboarding/until-signal.ts';
import { type FaultRuleInput, faultRuleSchema } from '../../sandbox/simulator/faults.ts';
import { startSimulator } from '../../sandbox/simulator/simulator.ts';
import { DEFAULT_SIMULATED_ACCOUNT, type SimulatedAccount } from '../../sandbox/simulator/state.ts';
import { wholeNumber } from '../number.ts';
import { print, say } from '../output.ts';

interface SimulateOptions {
  port: number;
  rate: number;
  jitter: number;
  latency: number;
  fault: FaultRuleInput[];
  faults?: string;
  key: SimulatedAccount[];
  stsKey: SimulatedAccount[];
  json?: true;
}

const GRACE_SECONDS = 10;

export function define(command: Command): void {
  command
    .option('--port <n>', 'port of Chat App', wholeNumber(0, 65_535), 4010)
    .option('--rate <n>', 'calls per rolling second, for each operation', wholeNumber(1, 1000), 5)
    .option(
      '--jitter <ms>',
      'spread of the network delay before a call is counted',
      wholeNumber(0, 10_000),
      0,
    )
    .option('--latency <ms>', 'time taken for each answer', wholeNumber(0, 60_000), 20)
    .option('--fault <json>', 'a fault rule; may be repeated', collectFault, [])
    .option('--key <id:secret>', 'an access key of another account; may be repeated', collectKey, [])
    .option('--sts-key <id:secret:token>', 'credentials of a role; may be repeated', collectStsKey, [])
    .option('--faults <file>', 'JSON file with a list of fault rules')
    .option('--json', 'print the variables as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ onboard simulate\n  $ onboard simulate --fault \'{"operation":"submit","kind":"dropAfter","share":0.1}\'',
    )
    .action(simulate);
}

async function simulate(given: SimulateOptions): Promise<void> {
  const { port, rate, jitter, latency, fault, faults, key, stsKey } = given;
  const rules = [...fault, ...(faults === undefined ? [] : readFaults(faults))];
  const options = { port, rate, jitterMs: jitter, latencyMs: latency, faults: rules };
  const accounts = [DEFAULT_SIMULATED_ACCOUNT, ...key, ...stsKey];
  const { endpoint, ossEndpoint, environment, state, stop } = await startSimulator({ ...options, accounts });
  say(`Simulating Chat App at ${endpoint} and OSS at ${ossEndpoint}, for this machine only.`);
  say(`${rate} calls a second for each account and operation; ${accounts.length} access key(s).`);
  say(`What it received: ${endpoint}/simulator/summary, /arrivals, /accepted. Stop with Ctrl-C.`);
  if (given.json) await print(JSON.stringify(environment));
  else await printExports(environment);
  const close = async () => {
    say(JSON.stringify(state.record.summary(), undefined, 2));
    await stop();
  };
  untilSignal(close, { graceSeconds: GRACE_SECONDS });
}

async function printExports(environment: Record<string, string>): Promise<void> {
  say('In every other terminal:');
  for (const [name, value] of Object.entries(environment)) await print(`export ${name}=${value}`);
}

function collectKey(text: string, earlier: SimulatedAccount[]): SimulatedAccount[] {
  const [, accessKeyId, accessKeySecret] = /^([^:\s]+):(\S+)$/.exec(text) ?? [];
  if (accessKeyId === undefined || accessKeySecret === undefined)
    throw new AppError('USAGE', '--key: must be an access key id and its secret, as id:secret');
  return [...earlier, { accessKeyId, accessKeySecret }];
}

function collectStsKey(text: string, earlier: SimulatedAccount[]): SimulatedAccount[] {
  const [, accessKeyId, accessKeySecret, securityToken] = /^([^:\s]+):([^:\s]+):(\S+)$/.exec(text) ?? [];
  if (accessKeyId === undefined || accessKeySecret === undefined || securityToken === undefined)
    throw new AppError(
      'USAGE',
      '--sts-key: must be an access key id, its secret and its token, as id:secret:token',
    );
  return [...earlier, { accessKeyId, accessKeySecret, securityToken }];
}

function collectFault(text: string, earlier: FaultRuleInput[]): FaultRuleInput[] {
  return [...earlier, parse(faultRuleSchema, text, '--fault')];
}

function readFaults(path: string): FaultRuleInput[] {
  try {
    return parse(z.array(faultRuleSchema), readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new AppError('USAGE', `--faults: ${path} cannot be read (${code}).`, { cause: error });
  }
}

function parse<T>(schema: z.ZodType<T>, text: string, where: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const what = error instanceof z.ZodError ? describeProblems(error) : 'is not JSON';
    throw new AppError('USAGE', `${where}: ${what}`);
  }
}

/** `[0].kind: Invalid option: …; [1].share: …` */
function describeProblems({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${z.core.toDotPath(path) || 'it'}: ${message}`).join('; ');
}

/** Where an account's credentials come from. They are read for every call and never leave the process. */
import CredentialModule, { Config as CredentialConfig } from '@alicloud/credentials';
import pTimeout from 'p-timeout';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { CredentialSource } from './credential-source.ts';
import { type Environment, staticReaderOf } from './static-key.ts';

const credentialsSchema = z.object({
  accessKeyId: z.string().min(1),
  accessKeySecret: z.string().min(1),
  securityToken: z.string().optional(),
});
export type Credentials = z.output<typeof credentialsSchema>;

/** Reads the current credentials. @throws AppError CREDENTIALS_UNAVAILABLE, which quotes nothing of the source's text. */
export type ReadCredentials = () => Promise<Credentials>;

const NEEDED = ['accessKeyId', 'accessKeySecret'] as const;

/** Longest wait for a credential provider, in milliseconds. */
const PROVIDER_TIMEOUT_MS = 10_000;

export function createCredentialReader(source: CredentialSource, environment: Environment): ReadCredentials {
  const read = readerOf(source, environment);
  return async () => {
    try {
      return credentialsSchema.parse(await read());
    } catch (error) {
      const message = `No credentials from ${describeSource(source)}${describeReason(source, error)}.`;
      throw new AppError('CREDENTIALS_UNAVAILABLE', message);
    }
  };
}

function describeSource(source: CredentialSource): string {
  if (source.type === 'env') return `the variables ${source.accessKeyId} and ${source.accessKeySecret}`;
  return source.type === 'file' ? `the file ${source.path}` : source.type;
}

/** @returns the empty text where the SDK has read them: what it says may quote anything */
function describeReason(source: CredentialSource, error: unknown): string {
  if (source.type !== 'env' && source.type !== 'file') return '';
  if (error instanceof z.ZodError) {
    const names = error.issues.flatMap(({ path }) => (path[0] as keyof Credentials) ?? NEEDED);
    if (source.type === 'file') return `: it lacks ${names.join(' and ')}`;
    const variables = names.map((name) => source[name]);
    return `: ${variables.join(' and ')} ${variables.length > 1 ? 'are' : 'is'} not set`;
  }
  if (error instanceof SyntaxError) return ': it is not JSON';
  return `: it cannot be read (${(error as NodeJS.ErrnoException).code})`;
}

function readerOf(source: CredentialSource, environment: Environment): () => Promise<unknown> {
  return staticReaderOf(source, environment) ?? readProvider(new CredentialConfig({ ...source }));
}

function readProvider(config: CredentialConfig): () => Promise<unknown> {
  let credential: InstanceType<typeof CredentialModule.default> | undefined;
  return async () => {
    credential ??= new CredentialModule.default(config);
    try {
      const { accessKeyId, accessKeySecret, securityToken } = await pTimeout(credential.getCredential(), {
        milliseconds: PROVIDER_TIMEOUT_MS,
      });
      return { accessKeyId, accessKeySecret, securityToken };
    } catch (error) {
      // A provider that failed once may stay bound to its failure: the next call starts with a new one.
      credential = undefined;
      throw error;
    }
  };
}

/** Credentials that are written down, in variables or in a file: read without the SDK of the other sources. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { CredentialSource } from './credential-source.ts';

/** Holds the variables that a source of the type `env` names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** @returns undefined if they come from elsewhere */
export function staticReaderOf(
  source: CredentialSource,
  environment: Environment,
): (() => Promise<unknown>) | undefined {
  if (source.type === 'env') return async () => readVariables(source, environment);
  // Read at every call, so that a rotated key is used at once.
  if (source.type === 'file')
    return async () => JSON.parse((await readFile(source.path, 'utf8')).replace(/^\uFEFF/, ''));
  return undefined;
}

function readVariables(source: CredentialSource & { type: 'env' }, environment: Environment) {
  return {
    accessKeyId: environment[source.accessKeyId],
    accessKeySecret: environment[source.accessKeySecret],
    securityToken: source.securityToken && environment[source.securityToken],
  };
}

const staticKeySchema = z.object({
  accessKeyId: z.string().min(1),
  /** A key with a token is a temporary one, which tells nothing about its account. */
  securityToken: z.literal('').optional(),
});

/** The id of a key that stays the same. @returns undefined if there is none, or if it cannot be read now */
export async function readStaticKeyId(
  source: CredentialSource,
  environment: Environment,
): Promise<string | undefined> {
  const credentials = await staticReaderOf(source, environment)?.().catch(() => undefined);
  return staticKeySchema.safeParse(credentials).data?.accessKeyId;
}

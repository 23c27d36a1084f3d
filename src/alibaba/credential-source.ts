/** Where an account's credentials may come from. Always named, because an implicit chain can pick the wrong one. */
import { z } from 'zod';

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');

export const credentialSourceSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('env'),
    accessKeyId: variable,
    accessKeySecret: variable,
    securityToken: variable.optional(),
  }),
  z.strictObject({ type: z.literal('file'), path: z.string().min(1) }),
  z.strictObject({ type: z.literal('ecs_ram_role'), roleName: z.string().optional() }),
  z.strictObject({ type: z.literal('oidc_role_arn') }),
]);
export type CredentialSource = z.output<typeof credentialSourceSchema>;

/** How a buyer reaches an instance: sealed, because it may have a password. */
import { z } from 'zod';
import type { Seal } from '../seal.ts';

const accessSchema = z.object({
  frontEndUrl: z.string().optional(),
  adminUrl: z.string().optional(),
  userName: z.string().optional(),
  password: z.string().optional(),
  memo: z.string().optional(),
});
export type Access = z.output<typeof accessSchema>;

export function sealAccess(seal: Seal, access: Access): string {
  return seal.seal(JSON.stringify(access));
}

/** @throws AppError CONFIG_INVALID if no key opens it */
export function openAccess(seal: Seal, sealed: string | undefined): Access {
  return sealed === undefined ? {} : accessSchema.parse(JSON.parse(seal.open(sealed)));
}

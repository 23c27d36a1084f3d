/** Who someone is to the pages and to the HTTP API, and what each may do. Pure. */

/** From the least to the most. */
export const ROLES = ['viewer', 'operator'] as const;
export type Role = (typeof ROLES)[number];

export interface User {
  /** Stands as `by` in what this user does. */
  name: string;
  role: Role;
  /** The only account that may be touched; absent means all. */
  account?: string;
}

export function hasRole({ role }: Pick<User, 'role'>, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

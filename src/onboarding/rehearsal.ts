/** What a person must know before anything else: that nothing of this is for real. */
import { plural } from '../text.ts';
import type { Account } from './accounts.ts';

const NAMED_MAX = 10;

/** @returns undefined if every account registers for real */
export function describeRehearsal(accounts: readonly Pick<Account, 'name' | 'peer'>[]): string | undefined {
  const rehearsing = accounts.filter(({ peer }) => peer === 'rehearsal').map(({ name }) => name);
  if (rehearsing.length === 0) return undefined;
  if (rehearsing.length === accounts.length) return 'rehearsal: nothing reaches Alibaba Cloud';
  const names = rehearsing.length > NAMED_MAX ? plural(rehearsing.length, 'account') : rehearsing.join(', ');
  return `rehearsal of ${names}: nothing of theirs reaches Alibaba Cloud`;
}

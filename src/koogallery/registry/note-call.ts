import { z } from 'zod';
import { jsonForScript } from '../../redis/json.ts';
import { type ChannelAccess, defineChannelScript, runChannelScript } from './scripts.ts';

/** What is known of a call for the audit and the counts: never a secret, and no personal data. */
export interface CallFacts {
  /** As it is counted: one of those that we know, `unknown` or `unverified`. */
  activity: string;
  isTest: boolean;
  /** Its signature was wrong, so anybody may have sent it. */
  isStranger?: boolean;
  /** Digest of the nonce, and of the whole payload; absent where there is none. */
  nonce?: string | undefined;
  digest?: string | undefined;
  /** More for the audit, short texts by name. */
  line: Readonly<Record<string, string>>;
}

export const noteCallScript = defineChannelScript(new URL('./note-call.lua', import.meta.url), {
  needs: 'calls',
  decode: z.object({ code: z.string() }).parse,
});

/**
 * Notes a call that changes no instance.
 * @param codes its own, and the one if its nonce was used by another call
 * @returns the one that holds
 */
export async function noteCall(
  channel: ChannelAccess,
  call: CallFacts,
  codes: { code: string; replayed: string },
): Promise<string> {
  const values = [callForScript(call), codes.code, codes.replayed];
  return (await runChannelScript(noteCallScript, channel, values)).code;
}

export function callForScript({ activity, isTest, isStranger, nonce, digest, line }: CallFacts): string {
  const flat = ['activity', activity, ...(isTest ? ['test', '1'] : []), ...Object.entries(line).flat()];
  return jsonForScript({ activity, test: isTest, stranger: isStranger, nonce, digest, line: flat });
}

/** Which of the codes that we know a peer's code is one of: a closed list, for labels that must not grow. Pure. */
import { CHATAPP_CODES } from './chatapp/codes.ts';
import type { PeerCode } from './classify.ts';
import { OSS_CODES } from './oss/codes.ts';

const KNOWN: readonly PeerCode[] = [...CHATAPP_CODES, ...OSS_CODES];

/** @returns what the tables know of the code, as `InvalidParameter` of `InvalidParameter.Email`; undefined if nothing */
export function codeFamilyOf(code: string): string | undefined {
  for (const { pattern } of KNOWN) {
    const [family] = pattern.exec(code) ?? [];
    if (family !== undefined) return family;
  }
  return undefined;
}

import type { PeerKind } from '../redis/keys.ts';
import type { PlacedProblem } from './koogallery-chatapp.ts';
import { judgePeer } from './peer-kind.ts';

interface Peer {
  endpoint?: string | undefined;
  peer?: PeerKind | undefined;
}

interface Peers {
  accounts: readonly Peer[];
  /** Of accounts that name none of their own. */
  chatApp: Peer & { endpoint: string };
}

/** Each account's peer must be known: two kinds in one ledger would make real customers `unchanged`. */
export function peerProblems({ accounts, chatApp }: Peers): PlacedProblem[] {
  const found = new Map<string, PlacedProblem>();
  for (const [index, { endpoint: own, peer: declared }] of accounts.entries()) {
    const address = own ?? chatApp.endpoint;
    // What is wrong with it is told by its own schema.
    if (!URL.canParse(address)) continue;
    const { problem } = judgePeer(address, declared ?? chatApp.peer);
    const isOwn = own !== undefined || declared !== undefined;
    const path = isOwn ? ['accounts', index, 'peer'] : ['chatApp', 'peer'];
    // What accounts share is told once.
    if (problem !== undefined && !found.has(path.join())) found.set(path.join(), { path, message: problem });
  }
  return [...found.values()];
}

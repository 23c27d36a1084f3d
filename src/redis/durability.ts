/** What it takes until a server cannot forget a write any more. Pure. */
import type { RedisFacts } from './server-facts.ts';

export type Durability =
  /** Its reply already says so. */
  | { kind: 'at once' }
  /** It says so when it is asked: for its own disk (WAITAOF), for one replica (WAIT), or for both. */
  | { kind: 'wait'; aof: boolean; replica: boolean }
  /** It may forget what it has confirmed, and cannot say what. */
  | { kind: 'never' };

export function durabilityOf(facts: Omit<RedisFacts, 'policy' | 'replicasMin' | 'version'>): Durability {
  const { isAppendOnly, fsync, knowsWaitAof, tellsConnections, runId } = facts;
  // Without a run id, nobody would notice that another server answers now.
  if (isAppendOnly !== true || runId === '') return { kind: 'never' };
  const replica = facts.replicas > 0;
  if (fsync === 'always' && !replica) return { kind: 'at once' };
  if (!tellsConnections) return { kind: 'never' };
  if (fsync === 'always') return { kind: 'wait', aof: false, replica };
  // With `appendfsync no`, WAITAOF is never answered.
  if (!knowsWaitAof || fsync === 'no') return { kind: 'never' };
  return { kind: 'wait', aof: true, replica };
}

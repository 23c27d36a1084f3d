/** How rows come into the ledger: imports, which may be interrupted and repeated, and a stream of single rows. */
import { AppError } from '../../../src/errors.ts';
import { newFacts } from './facts-model.ts';
import { BY, LATER_MS, PORTION, seal } from './verbs.ts';
import type { Actor, World } from './world.ts';

/** Rows that are imported together: which customer, and which version of its data. */
export interface Source {
  key: string;
  rows: { customer: number; version: number }[];
}

export interface ImportOptions {
  maxFailures: number;
  isLater: boolean;
}

const FACTS = { source: 'model', by: BY, details: '', columns: [], fieldColumns: [], priority: 100 };

function newRow({ customer, version }: Source['rows'][number], row: number) {
  const input = { line: row, sha256: 'aa', fields: [] };
  return { row, custSpaceId: `C${customer}`, fingerprint: `C${customer}v${version}`, input };
}

export async function* importSource(world: World, source: Source, options: ImportOptions): Actor {
  const id = `b${world.facts.size + 1}`;
  const { maxFailures, isLater } = options;
  const notBefore = isLater ? Date.now() + LATER_MS : undefined;
  const order = {
    ...FACTS,
    id,
    kind: 'import',
    name: id,
    sourceKey: source.key,
    maxFailures,
    notBefore,
  } as const;
  const { id: batchId, isNew } = await world.ledger.createBatch(order);
  world.say(`import of ${source.key}: ${batchId}, ${isNew ? 'new' : 'resumed'}`);
  if (isNew) world.facts.set(batchId, newFacts('import', maxFailures));
  yield undefined;
  const rows = source.rows.map((row, index) => newRow(row, index + 1));
  for (let first = 0; first < rows.length; first += PORTION) {
    const isTaken = await enroll(world, batchId, rows.slice(first, first + PORTION));
    yield undefined;
    if (!isTaken) return;
  }
  await seal(world, batchId);
  yield undefined;
}

/** Adds a row to the stream, which begins with it if there is none that is open. */
export async function* addToStream(world: World, row: Source['rows'][number]): Actor {
  const open = [...world.facts].find(
    ([, facts]) => facts.kind === 'stream' && !facts.isSealed && !facts.isGone,
  );
  const id = open?.[0] ?? `b${world.facts.size + 1}`;
  if (open === undefined) {
    await world.ledger.createBatch({ ...FACTS, id, kind: 'stream', name: id, maxFailures: 0 });
    world.facts.set(id, newFacts('stream', 0));
    world.say(`stream: ${id}`);
    yield undefined;
  }
  const last = Math.max(0, ...[...(world.snapshot.batches.get(id)?.rows.keys() ?? [])].map(Number));
  await enroll(world, id, [newRow(row, last + 1)]);
  yield undefined;
}

async function enroll(world: World, batchId: string, rows: ReturnType<typeof newRow>[]): Promise<boolean> {
  try {
    const needed = await world.ledger.enroll(batchId, rows);
    world.give(needed.map((row) => `${batchId} ${row}`));
    world.say(`${batchId}: enrolled ${rows.map(({ row }) => row).join(', ')}; needed ${needed.join(', ')}`);
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    world.say(`${batchId}: enrolment refused, ${error.code}`);
    return false;
  }
}

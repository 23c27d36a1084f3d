/** One round of trouble: a host that cannot reach the peer, one that cannot reach Redis, and one whose clock jumps. */
import { expect } from 'vitest';
import { WORKING } from '../../../src/pace/heartbeats.ts';
import { rowsOf } from '../rows.ts';
import { waitForPeer } from '../waiting.ts';
import type { HostsWorld, WorkerHost } from './hosts-world.ts';
import { ABSENT, expectTrueTimes, readStatus, toldOf } from './told.ts';

/** A call that is never answered, and the look at whom else the peer answers. */
const NOTICED_WITHIN_MS = 60_000;
/** A process counts as gone half a minute after its last heartbeat. */
const GONE_WITHIN_MS = 45_000;
/** A machine in trouble looks every half minute whether it is well again. */
const WELL_WITHIN_MS = 120_000;
const ALONE_CALLS = 5;
const JUMP_SECONDS = 600;
const NOT_REACHED = 'Chat App cannot be reached from this machine, while another process reaches it.';

export interface Round {
  batchId: string;
  /** From 0: who has which trouble, and where the clock jumps to. */
  round: number;
  /** Of the test, in milliseconds since 1970. */
  began: number;
}

/** Ends when all cables are whole and all clocks are right again. */
export async function playRound(world: HostsWorld, { batchId, round, began }: Round): Promise<void> {
  const [alone, noPeer, noRedis] = [0, 1, 2].map((index) => world.hosts[(index + round) % 3]) as [
    WorkerHost,
    WorkerHost,
    WorkerHost,
  ];
  noPeer.cut('peer');
  await expect
    .poll(() => toldOf(world, batchId, noPeer), { timeout: NOTICED_WITHIN_MS })
    .toContain(NOT_REACHED);
  await alone.setClock(round % 2 === 0 ? JUMP_SECONDS : -JUMP_SECONDS);
  await cutDuringSubmit(world, batchId, noRedis);
  const { accepted } = world.simulator.state.record;
  const before = accepted.length;
  // One host of three is left, and it keeps on.
  await waitForPeer(world, () => accepted.length >= before + ALONE_CALLS);
  await expectTrueTimes(world, batchId, began);
  expect(await readStatus(world, batchId)).toMatchObject({ state: 'running', heldBy: [] });
  await expect.poll(() => toldOf(world, batchId, noRedis), { timeout: GONE_WITHIN_MS }).toBe(ABSENT);
  await expectTrueTimes(world, batchId, began);
  noRedis.heal('redis');
  noPeer.heal('peer');
  await alone.setClock(0);
  for (const host of world.hosts)
    await expect.poll(() => toldOf(world, batchId, host), { timeout: WELL_WITHIN_MS }).toBe(WORKING);
}

/** Redis goes away from a host while the peer has a submit of it, which is carried out. */
async function cutDuringSubmit(world: HostsWorld, batchId: string, host: WorkerHost): Promise<void> {
  const { workers } = await world.open.heartbeats.list();
  const id = workers.find(({ pid }) => pid === host.worker.pid)?.id;
  const isSubmitting = async () =>
    (await rowsOf(world, batchId)).some(
      ({ record }) => record.outcome === 'submitting' && record.process === id,
    );
  await expect.poll(isSubmitting, { timeout: NOTICED_WITHIN_MS, interval: 5 }).toBe(true);
  host.cut('redis');
}

/** What the peer lists of customers is noted once a day, beside everything else, and touches nothing of it. */
import { describe, expect, it } from 'vitest';
import { readStory } from '../../src/batch/customer-story.ts';
import { renderStory } from '../../src/cli/story-view.ts';
import { createLogger } from '../../src/logger.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import type { FaultRuleInput } from '../../src/sandbox/simulator/faults.ts';
import type { SimulatedInstance } from '../../src/sandbox/simulator/list-instances.ts';
import { ObservationOfPeer } from '../../workers/observation.ts';
import { createBatch, makeRow, submitRow } from '../support/ledger.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, type World, type WorldOptions, withPeer } from '../support/world.ts';

const ANY_RATE = { rate: 1_000 };
const NEVER = new AbortController().signal;

function list({ simulator }: World, ...instances: SimulatedInstance[]): void {
  for (const instance of instances) simulator.state.list.instances.set(instance.InstanceId, instance);
}

/** C1 was submitted, C2 is known only as a row. @param others instances of nobody we know */
async function createListed(others = 0, options: WorldOptions = {}): Promise<World> {
  const world = await createWorld({ ...ANY_RATE, ...options });
  const { ledger } = world.open;
  await createBatch(ledger, 'b1', [makeRow(1), makeRow(2)]);
  await submitRow(ledger, 'b1', 1);
  const strangers = Array.from({ length: others }, (_, index) => ({
    InstanceId: `x-${index}`,
    CustSpaceId: `X${index}`,
  }));
  list(world, ...strangers);
  return world;
}

async function look(world: World, logger = world.open.logger): Promise<void> {
  const observation = new ObservationOfPeer({ ...withPeer(world), logger }, 1);
  observation.begin(NEVER);
  await observation.ended();
}

const pagesOf = ({ simulator }: World) =>
  simulator.state.record.arrivals.flatMap(({ operation, subject }) =>
    operation === 'list' ? [Number(subject)] : [],
  );
const ask = (world: World, custSpaceId: string) => world.open.ledger.readObserved(custSpaceId);

/** As an account whose look began a day ago. */
async function passADay({ redis, account }: World): Promise<void> {
  await redis.hincrby(accountKeys(account.ledger).observing, 'at', -24 * 3_600_000);
}

describe('a look', () => {
  it('goes through all pages and keeps what is said of customers whose submit counts', async () => {
    const world = await createListed(120);
    const named = { ContactMail: 'person1@customer.example', State: 'published' };
    list(
      world,
      { InstanceId: 'i-1', CustSpaceId: 'C1', ChannelType: 'whatsapp', IsvTerms: 'terms.pdf', ...named },
      { InstanceId: 'i-2', CustSpaceId: 'C1', IsvTerms: 'https://a.example/1.pdf?Signature=secret' },
      { InstanceId: 'i-3', CustSpaceId: 'C2', ...named },
    );
    await look(world);
    expect(pagesOf(world)).toEqual([1, 2, 3]);
    expect(world.simulator.state.record.badSignatures).toBe(0);
    expect(await ask(world, 'C1')).toEqual({
      at: expect.any(Number),
      generation: 1,
      instances: [
        { instanceId: 'i-1', channelType: 'whatsapp', state: 'published', isvTerms: 'terms.pdf' },
        { instanceId: 'i-2', isvTerms: 'https://a.example/1.pdf' },
      ],
    });
    expect(await world.redis.hkeys(accountKeys(world.account.ledger).observed)).toEqual(['C1']);
  });

  it.each([
    [{ pageSizeMax: 20 }, [1, 2, 3, 4, 5, 6]],
    [{ tellsTotal: false }, [1, 2, 3, 4]],
    [{ tellsTotal: false, repeatsLast: true }, [1, 2, 3, 4]],
  ])('ends where the peer lists like this: %j', async (manners, pages) => {
    const world = await createListed(119);
    list(world, { InstanceId: 'i-1', CustSpaceId: 'C1' });
    Object.assign(world.simulator.state.list, manners);
    await look(world);
    expect(pagesOf(world)).toEqual(pages);
    expect((await ask(world, 'C1'))?.instances).toEqual([{ instanceId: 'i-1' }]);
  });

  it('happens once a day, and the next one replaces what was seen', async () => {
    const world = await createListed();
    list(world, { InstanceId: 'i-1', CustSpaceId: 'C1', State: 'reviewing' });
    await look(world);
    await look(world);
    expect(pagesOf(world)).toEqual([1]);
    world.simulator.state.list.instances.clear();
    list(world, { InstanceId: 'i-9', CustSpaceId: 'C1', State: 'published' });
    await passADay(world);
    await look(world);
    expect(pagesOf(world)).toEqual([1, 1]);
    expect((await ask(world, 'C1'))?.instances).toEqual([{ instanceId: 'i-9', state: 'published' }]);
  });

  it('that a process has left goes on with the next page, and not while the account is paused', async () => {
    const world = await createListed(120);
    const [leaving, first] = [new AbortController(), new ObservationOfPeer(withPeer(world), 60_000)];
    first.begin(leaving.signal);
    await expect.poll(() => world.open.ledger.readLook()).toMatchObject({ listed: 50 });
    leaving.abort();
    await first.ended();
    await world.open.pause.set('test');
    await look(world);
    expect(pagesOf(world)).toEqual([1]);
    await world.open.pause.clear();
    await look(world);
    expect(pagesOf(world)).toEqual([1, 2, 3]);
  });
});

describe('a look that fails', () => {
  it.each<[string, Omit<FaultRuleInput, 'operation'>]>([
    ['a refusal', { kind: 'error', code: 'NoPermission', status: 403 }],
    ['a throttled call', { kind: 'limitIn200' }],
    ['an answer without end', { kind: 'endlessBody' }],
    ['no answer', { kind: 'hangBefore' }],
    ['an operation that is gone', { kind: 'error', code: 'InvalidAction.NotFound', status: 404 }],
  ])('with %s is logged once, asked again tomorrow, and changes nothing else', async (_name, fault) => {
    const world = await createListed(0, {
      faults: [{ operation: 'list', ...fault }],
      environment: { CHATAPP_TIMEOUT_MS: '300' },
    });
    const lines: string[] = [];
    const logger = createLogger('warn', { write: (line) => lines.push(line) });
    await look(world, logger);
    await look(world, logger);
    expect(pagesOf(world)).toEqual([1]);
    expect(lines).toEqual([expect.stringContaining('observation_failed')]);
    const { open } = world;
    expect([await open.breaker.read(), await open.outage.read(), await open.pause.read()]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect((await open.ledger.requireBatch('b1')).counts).toMatchObject({ submitted: 1, pending: 1 });
  });
});

it('the story of a customer shows it as an observation, and the review stays awaited', async () => {
  const world = await createListed();
  list(world, { InstanceId: 'i-1', CustSpaceId: 'C1', State: 'published' });
  const tell = async () => {
    const story = await readStory(world.open, 'C1');
    if (story === undefined) throw new Error('nothing is known');
    return { story, text: renderStory({ account: 'default', peer: 'rehearsal', ...story }) };
  };
  expect((await tell()).text).not.toContain('observation');
  await look(world);
  const { story, text } = await tell();
  expect(story.review).toEqual({ review: 'awaited' });
  expect(text).toMatch(/review +awaited/);
  expect(text).toMatch(/observation +ListInstance at \S+ said, which is not a review:/);
  expect(text).toMatch(/State published, IsvTerms not given \(instance i-1\)/);
});

it('workers look only where they are told to', async () => {
  const [off, on] = [
    await createListed(),
    await createListed(0, { environment: { CHATAPP_OBSERVE: 'true' } }),
  ];
  await Promise.all([runWorkers(off), runWorkers(on)]);
  await expect.poll(() => on.open.ledger.readLook()).toMatchObject({ isOver: true });
  await expect.poll(() => off.redis.exists(accountKeys(off.account.ledger).upkeepReport)).toBe(1);
  expect([pagesOf(off), pagesOf(on)]).toEqual([[], [1]]);
});

/** The registry beside a model that is a few lines long: whatever comes, in whatever order, both say the same. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Change } from '../../../src/koogallery/registry/accept.ts';
import { countStates } from '../../../src/koogallery/registry/count-states.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { creation, doChange, makeChannel, refresh, wish } from '../../support/koogallery/registry.ts';
import { uniqueName } from '../../support/redis.ts';

const IDS = ['a', 'b'] as const;
/** Behind now and ahead of it, for as long as this program is run. */
const ENDS = [1_000, 4_000_000_000_000] as const;

type Step = {
  what: 'create' | 'freeze' | 'unfreeze' | 'release' | 'upgrade' | 'renew';
  id: string;
  end: number;
};

const stepOf: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('create', 'freeze', 'unfreeze', 'release', 'upgrade', 'renew'),
  id: fc.constantFrom(...IDS),
  end: fc.constantFrom(...ENDS),
});

interface Modelled {
  wanted: 'active' | 'frozen' | 'released';
  tasks: string[];
  seen: Set<string>;
  expireAt: number | undefined;
}

class Model {
  readonly instances = new Map<string, Modelled>();

  do({ what, id, end }: Step): string {
    const found = this.instances.get(id);
    if (what === 'create') {
      if (found) return 'repeated';
      const tasks = ['instance.create'];
      this.instances.set(id, { wanted: 'active', tasks, seen: new Set(), expireAt: undefined });
      return 'accepted';
    }
    if (!found) return 'unknown';
    if (what === 'upgrade') return this.#once(found, 'up', () => found.tasks.push('instance.upgrade'));
    if (what === 'renew') return this.#once(found, `end ${end}`, () => renew(found, end));
    const wanted = ({ freeze: 'frozen', unfreeze: 'active', release: 'released' } as const)[what];
    if (found.wanted === wanted) return 'repeated';
    if (found.wanted === 'released') return 'released';
    Object.assign(found, { wanted });
    found.tasks.push(`instance.${what}`);
    return 'accepted';
  }

  #once(instance: Modelled, key: string, change: () => void): string {
    if (instance.seen.has(key)) return 'repeated';
    if (instance.wanted === 'released') return 'released';
    instance.seen.add(key);
    change();
    return 'accepted';
  }
}

function renew(instance: Modelled, end: number): void {
  instance.tasks.push('instance.refresh');
  instance.expireAt = end;
  if (instance.wanted !== 'frozen' || end < Date.now()) return;
  instance.wanted = 'active';
  instance.tasks.push('instance.unfreeze');
}

function changeOf({ what, id, end }: Step): Change {
  if (what === 'create') return creation(id, { orderKey: `order ${id}` } as never);
  if (what === 'renew') return refresh(id, end);
  if (what === 'upgrade') return { op: 'note', id, task: 'instance.upgrade', dedupe: 'up' };
  return wish(what, id);
}

async function expectSame(channel: ChannelAccess, { instances }: Model): Promise<void> {
  for (const id of IDS) {
    const [instance, tasks] = await Promise.all([readInstance(channel, id), readTasks(channel, id)]);
    const modelled = instances.get(id);
    expect(instance?.wanted).toBe(modelled?.wanted);
    expect(instance?.expireAt).toBe(modelled?.expireAt);
    expect(tasks.map(({ type }) => type)).toEqual(modelled?.tasks ?? []);
    expect(tasks.map(({ version }) => version)).toEqual(tasks.map((_, index) => index + 1));
    expect(instance?.version ?? 0).toBe(tasks.length);
  }
  const all = await Promise.all(IDS.map((id) => readInstance(channel, id)));
  for (const [state, count] of Object.entries(await countStates(channel)))
    expect([state, count]).toEqual([state, all.filter((instance) => instance?.state === state).length]);
}

it('says and keeps what a simple model does', async () => {
  const { redis } = makeChannel();
  const property = fc.asyncProperty(fc.array(stepOf, { maxLength: 25 }), async (steps) => {
    const channel = { redis, slug: uniqueName() };
    const model = new Model();
    // Sent at once, they arrive in this order.
    const results = await Promise.all(steps.map((step) => doChange(channel, changeOf(step))));
    expect(results.map(({ verdict }) => verdict)).toEqual(steps.map((step) => model.do(step)));
    await expectSame(channel, model);
  });
  await fc.assert(property, { numRuns: 60 });
});

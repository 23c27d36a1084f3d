/** A slot of a cluster on its way from its node to another one, key by key, as `redis-cli --cluster reshard` does it. */
import { askServer } from './redis-servers.ts';

export interface SlotMove {
  /** Whether somebody was told to try again, because not all keys are on one node. */
  isMet(): Promise<boolean>;
  /** Moves what is still where it was, until nothing is. @throws Error if the other node has a key of the same name */
  finish(): Promise<void>;
}

/** @param url of all nodes, each with a part of the slots. @param key any key of the slot */
export async function beginSlotMove(url: string, key: string): Promise<SlotMove> {
  const ports = url.split(',').map((node) => Number(new URL(node).port));
  const slot = await askServer(ports[0] ?? 0, 'CLUSTER', 'KEYSLOT', key);
  const from = await nodeOf(ports, slot);
  const to = ports.find((port) => port !== from) ?? 0;
  const [idFrom, idTo] = [await idOf(from), await idOf(to)];
  await askServer(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', idFrom);
  await askServer(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', idTo);
  return {
    isMet: async () => {
      const said = await Promise.all([from, to].map((port) => askServer(port, 'INFO', 'errorstats')));
      return said.some((text) => text.includes('TRYAGAIN'));
    },
    async finish() {
      for (;;) {
        const names = (await askServer(from, 'CLUSTER', 'GETKEYSINSLOT', slot, '10'))
          .split(',')
          .filter(Boolean);
        if (names.length === 0) break;
        await askServer(from, 'MIGRATE', '127.0.0.1', String(to), '', '0', '5000', 'KEYS', ...names);
      }
      await askServer(to, 'CLUSTER', 'SETSLOT', slot, 'NODE', idTo);
      for (const port of ports) await askServer(port, 'CLUSTER', 'SETSLOT', slot, 'NODE', idTo);
    },
  };
}

const idOf = (port: number) => askServer(port, 'CLUSTER', 'MYID');

async function nodeOf(ports: readonly number[], slot: string): Promise<number> {
  for (const port of ports) {
    const mine = /myself,\S* .*? (?:connected|disconnected) (.*)$/m.exec(
      await askServer(port, 'CLUSTER', 'NODES'),
    );
    const ranges = (mine?.[1] ?? '').split(' ').map((range) => range.split('-').map(Number));
    if (ranges.some(([first = -1, last = first]) => first <= Number(slot) && Number(slot) <= last))
      return port;
  }
  throw new Error(`No node has the slot ${slot}.`);
}

/** Whether the keys of the channels are apart from each other, and long enough. Values are compared, never told. Pure. */
import type { OpenChannel } from '../channels.ts';
import { bad, type CheckFinding, note, ok } from './check-finding.ts';

/** The marketplace's have 36 characters; what is shorter than this was cut off, or made up. */
const CHARACTERS_MIN = 16;

/** The interface categories that must have different keys, and what must be none of them. */
type Category = 'base' | 'License' | 'joint operation' | 'webhook' | 'open API' | 'seal';

interface Held {
  /** `shop key`. */
  name: string;
  channel: string;
  category: Category;
  /** Of one kind there may be several with the same value: those of the base interfaces of two products. */
  value: string;
}

/** @param sealKeys those of the environment, if there are any */
export function judgeKeys(channels: readonly OpenChannel[], sealKeys: readonly string[]): CheckFinding[] {
  const held = [
    ...channels.flatMap(heldBy),
    ...sealKeys.map((value): Held => ({ name: 'seal key', channel: '', category: 'seal', value })),
  ];
  return [judgeApart(held), ...judgeShared(held), judgeLengths(held), judgeSeal(sealKeys)];
}

function heldBy({ slug, generation, keys, provision, openApi }: OpenChannel): Held[] {
  const category: Category = generation.startsWith('license') ? 'License' : 'base';
  const of = (what: string, kind: Category, value: string | undefined): Held[] =>
    value === undefined ? [] : [{ name: `${slug}: ${what}`, channel: slug, category: kind, value }];
  return [
    ...of('key', category, keys.current),
    ...of('previousKey', category, keys.previous),
    ...of('kitKey', 'joint operation', keys.kit),
    ...of('secret of the webhook', 'webhook', provision.kind === 'webhook' ? provision.secret : undefined),
    ...of('secretKey', 'open API', openApi?.secretKey),
  ];
}

function groupsOf(held: readonly Held[]): Held[][] {
  const groups = new Map<string, Held[]>();
  for (const each of held) groups.set(each.value, [...(groups.get(each.value) ?? []), each]);
  return [...groups.values()];
}

const namesOf = (group: readonly Held[]) => group.map(({ name }) => name).join(' = ');

function judgeApart(held: readonly Held[]): CheckFinding {
  const said = { code: 'keys_apart', where: 'keys', what: 'different' } as const;
  const mixed = groupsOf(held).filter((group) => new Set(group.map(({ category }) => category)).size > 1);
  if (mixed.length === 0) return ok({ ...said, text: 'no key serves for two things' });
  return bad(
    { ...said, text: `one key for several things: ${mixed.map(namesOf).join('; ')}` },
    'Bind another key to each category in the seller console (Application Tools > Key Management), and make secrets of your own.',
  );
}

/** Within a category: the console binds one key to all base interfaces, so it may be meant. */
function judgeShared(held: readonly Held[]): CheckFinding[] {
  const marketplace: readonly Category[] = ['base', 'License', 'joint operation'];
  const shared = groupsOf(held).filter(
    (group) =>
      group.length > 1 &&
      group.every(({ category }) => category === group[0]?.category && marketplace.includes(category)),
  );
  return shared.map((group) => {
    const isOneChannel = new Set(group.map(({ channel }) => channel)).size === 1;
    const hint = isOneChannel
      ? 'Leave previousKey out: it is the same key.'
      : 'If the console shows another key for one of them, correct it. A call to one of these channels would be believed by the others.';
    const said = { code: 'keys_apart', where: 'keys', what: 'shared', text: namesOf(group) } as const;
    return note(said, hint);
  });
}

function judgeLengths(held: readonly Held[]): CheckFinding {
  const said = { code: 'keys_length', where: 'keys', what: 'length' } as const;
  const short = held.filter(({ value }) => value.trim().length < CHARACTERS_MIN);
  const spaced = held.filter(({ value }) => value !== value.trim());
  const faults = [
    ...short.map(({ name, value }) => `${name} has ${value.trim().length} characters`),
    ...spaced.map(({ name }) => `${name} begins or ends with a space or a line break`),
  ];
  if (faults.length === 0) return ok({ ...said, text: `all have ${CHARACTERS_MIN} characters or more` });
  return bad(
    { ...said, text: faults.join('; ') },
    'Copy them again from where they are shown, whole and without spaces.',
  );
}

function judgeSeal(sealKeys: readonly string[]): CheckFinding {
  const said = { code: 'seal_key', where: 'keys', what: 'seal key' } as const;
  if (sealKeys.length > 0) return ok({ ...said, text: 'is one of its own' });
  return note(
    { ...said, text: 'is made from the key of each channel' },
    'Set ONBOARD_SEAL_KEY, or keep every key that is replaced as previousKey: without it, what it sealed is lost.',
  );
}

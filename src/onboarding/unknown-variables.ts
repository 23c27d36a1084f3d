/** Variables that look like ours and are none: mistyped ones would be ignored without a word. Pure. */
import { closest, distance } from 'fastest-levenshtein';
import { variablesOf } from '../notify/receivers.ts';
import { variablesOfChannels } from './koogallery-settings.ts';
import type { Settings } from './settings.ts';
import { KNOWN_ELSEWHERE, OURS, VARIABLES } from './variables.ts';

/** With more letters wrong than this share, it is another name. */
const WRONG_MAX = 0.4;

/**
 * @param settings whose accounts, receivers of alerts and channels may name variables of their own
 * @returns one line for people, with the nearest known name of each; undefined if there is none
 */
export function describeUnknown(
  environment: Readonly<Record<string, string | undefined>>,
  {
    accounts,
    alerts = [],
    koogallery,
  }: Pick<Settings, 'accounts'> & Partial<Pick<Settings, 'alerts' | 'koogallery'>>,
): string | undefined {
  const named = [
    ...accounts.flatMap(({ credentials }) => Object.values(credentials)),
    ...variablesOf(alerts),
    ...variablesOfChannels(koogallery?.channels ?? []),
  ];
  const known = new Set<unknown>([...Object.keys(VARIABLES), ...KNOWN_ELSEWHERE, ...named]);
  const isMeant = (name: string) => OURS.test(name) || isNextTo(name);
  const unknown = Object.keys(environment).filter((name) => !known.has(name) && isMeant(name));
  if (unknown.length === 0) return undefined;
  return `unknown variables are ignored: ${unknown.sort().map(describe).join(', ')}`;
}

/** One letter away from a variable of ours, or two that changed places: others use such beginnings too. */
function isNextTo(name: string): boolean {
  const sorted = (text: string) => [...text].sort().join();
  return Object.keys(VARIABLES).some((known) => {
    const wrong = Math.abs(known.length - name.length) > 1 ? 3 : distance(known, name);
    return wrong === 1 || (wrong === 2 && sorted(known) === sorted(name));
  });
}

function describe(name: string): string {
  const nearest = closest(name, Object.keys(VARIABLES));
  const isNear = distance(name, nearest) <= name.length * WRONG_MAX;
  return isNear ? `${name} (did you mean ${nearest}?)` : name;
}

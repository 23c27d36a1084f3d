/** The whole life of an order as a list of calls, each sent again, in order or out of it. Pure. */
import type { Generation } from '../../koogallery/protocol/intent.ts';
import type { Step } from './message.ts';
import { stepsOf } from './messages.ts';
import type { Random } from './shuffle.ts';

/** The first create is not among them: nothing else can be called before it was answered. */
export interface PlannedCall {
  step: Step;
  /** Which event of its kind; a repetition has the same. */
  event: number;
  isRepeat: boolean;
  /** Whether a release was sent before: what comes late is then refused with reason. */
  isAfterRelease: boolean;
}

/** What happens to an order that lives long; a generation leaves out what it does not know. */
const LIFE: readonly Step[] = [
  'query',
  'notify',
  'refresh',
  'freeze',
  'unfreeze',
  'checkChange',
  'upgrade',
  'activate',
  'expire',
  'refresh',
  'kit.tenant',
  'kit.application',
  'kit.auth',
  'kit.org',
  'kit.orgs',
  'release',
];

export interface LifeTerms {
  generation: Generation;
  hasKit: boolean;
  /** How often each call is sent again. */
  repeat: number;
  /** If given, repetitions come at any later time, after the release too. */
  random?: Random | undefined;
}

export function planLife({ generation, hasKit, repeat, random }: LifeTerms): PlannedCall[] {
  const known = new Set(stepsOf(generation).filter((step) => hasKit || !step.startsWith('kit.')));
  const life = LIFE.filter((step) => known.has(step));
  const firsts = life.map((step, event) => ({ step, event }));
  const order: { step: Step; event: number }[] = [];
  for (const each of firsts) order.push(each, ...Array.from({ length: random ? 0 : repeat }, () => each));
  if (random)
    scatter(order, [...(known.has('create') ? [{ step: 'create' as const, event: -1 }] : []), ...firsts], {
      ...{ repeat, random },
    });
  return marked(order);
}

interface Scattering {
  repeat: number;
  random: Random;
}

/** Puts repetitions of each call somewhere behind its first. */
function scatter(
  order: { step: Step; event: number }[],
  firsts: readonly { step: Step; event: number }[],
  { repeat, random }: Scattering,
): void {
  for (const each of firsts)
    for (let made = 0; made < repeat; made += 1) {
      const from = order.indexOf(each) + 1;
      order.splice(from + Math.floor(random() * (order.length - from + 1)), 0, { ...each });
    }
}

function marked(order: readonly { step: Step; event: number }[]): PlannedCall[] {
  const seen = new Set<number>([-1]);
  let isAfterRelease = false;
  return order.map(({ step, event }) => {
    const planned = { step, event, isRepeat: seen.has(event), isAfterRelease };
    seen.add(event);
    if (step === 'release') isAfterRelease = true;
    return planned;
  });
}

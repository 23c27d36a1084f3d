/** Sends a test to receivers, directly, and says what each of them answered. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../errors.ts';
import { type Delivery, deliver, type Way } from './deliver.ts';
import { idOf, TEST_EVENT } from './events.ts';
import type { Receiver } from './receivers.ts';

export interface Tested extends Delivery {
  name: string;
  type: Receiver['type'];
}

/** @param name only this one. @throws AppError USAGE if there is none */
export async function testReceivers(
  receivers: readonly Receiver[],
  { name, way }: { name: string | undefined; way: Way },
): Promise<Tested[]> {
  const names = receivers.map((receiver) => receiver.name);
  if (names.length === 0)
    throw new AppError('USAGE', 'Nobody is alerted yet.', {
      hint: 'Name the receivers in a JSON file, and the file in ONBOARD_ALERTS; see docs/alerts.md.',
    });
  if (name !== undefined && !names.includes(name))
    throw new AppError('USAGE', `There is no receiver "${name}"; there are: ${names.join(', ')}.`);
  const wanted = receivers.filter((receiver) => name === undefined || receiver.name === name);
  const event = { id: idOf(TEST_EVENT, randomUUID()), type: TEST_EVENT, at: Date.now(), facts: {} } as const;
  return Promise.all(
    wanted.map(async (receiver) => ({
      name: receiver.name,
      type: receiver.type,
      ...(await deliver(receiver, event, way)),
    })),
  );
}

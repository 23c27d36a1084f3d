/**
 * What one would write in an afternoon: the three calls with the same SDKs, each operation behind `p-throttle`. For the
 * account of the environment, or for all that a file lists.
 */
import { readFileSync } from 'node:fs';
import pThrottle from 'p-throttle';
import { type Caller, ownCaller, threeCallsOf } from './three-calls.ts';

/** What one would repeat: with many accounts at once, a connection may be refused, or lost. */
const REPEATED = ['throttled', 'transient', 'ambiguous'];

const [count, file] = process.argv.slice(2);
const callers: Caller[] = file === undefined ? [ownCaller()] : JSON.parse(readFileSync(file, 'utf8'));
// One for each operation: what shares a throttle shares its five calls.
const throttle = () => pThrottle({ limit: 5, interval: 1000 });

process.stderr.write('workers_started\n');
await Promise.all(callers.map(registerAll));

async function registerAll(caller: Caller): Promise<void> {
  const { authorize, put, submit } = threeCallsOf(caller);
  const authorizeThrottled = throttle()(authorize);
  const submitThrottled = throttle()(submit);
  async function register(number: number): Promise<void> {
    const authorization = await again(() => authorizeThrottled(number));
    await again(() => put(authorization));
    await again(() => submitThrottled(number));
  }
  await Promise.all(Array.from({ length: Number(count) }, (_, index) => register(index + 1)));
}

async function again<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!REPEATED.includes((error as { class?: string }).class ?? '')) throw error;
    }
  }
}

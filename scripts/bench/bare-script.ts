/** What one would write in an afternoon: the three calls with the same SDKs, each operation behind `p-throttle`. */
import pThrottle from 'p-throttle';
import { authorize, put, submit } from './three-calls.ts';

const count = Number(process.argv[2]);
// One for each operation: what shares a throttle shares its five calls.
const throttle = () => pThrottle({ limit: 5, interval: 1000 });
const authorizeThrottled = throttle()(authorize);
const submitThrottled = throttle()(submit);

process.stderr.write('workers_started\n');
await Promise.all(Array.from({ length: count }, (_, index) => register(index + 1)));

async function register(number: number): Promise<void> {
  await put(await again(() => authorizeThrottled(number)));
  await again(() => submitThrottled(number));
}

async function again<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if ((error as { class?: string }).class !== 'throttled') throw error;
    }
  }
}

import { createHook } from 'node:async_hooks';
import { expect, it, onTestFinished } from 'vitest';
import { ChatApp } from '../../../src/alibaba/chatapp/client.ts';
import { startSimulator } from '../../../src/sandbox/simulator/simulator.ts';
import { DEFAULT_SIMULATED_ACCOUNT } from '../../../src/sandbox/simulator/state.ts';

const TIMEOUT_MS = 12_345;

interface OpenTimer {
  _idleTimeout: number;
  _destroyed: boolean;
}

it('no call leaves a timer that holds its request and answer in memory', async () => {
  const simulator = await startSimulator({ rate: 1_000 });
  onTestFinished(simulator.stop);
  const timers: OpenTimer[] = [];
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'Timeout') timers.push(resource as OpenTimer);
    },
  }).enable();
  onTestFinished(() => void hook.disable());
  const account = { endpoint: simulator.endpoint, region: 'ap-southeast-1' };
  const chatApp = new ChatApp({ account, timeoutMs: TIMEOUT_MS });
  // The second and third find a connection that was used before.
  await chatApp.authorize(DEFAULT_SIMULATED_ACCOUNT, 'C1');
  await Promise.all(['C2', 'C3'].map((id) => chatApp.authorize(DEFAULT_SIMULATED_ACCOUNT, id)));
  const own = timers.filter(({ _idleTimeout }) => _idleTimeout === TIMEOUT_MS);
  expect(timers.length).toBeGreaterThan(3);
  expect(own.filter(({ _destroyed }) => !_destroyed)).toEqual([]);
});

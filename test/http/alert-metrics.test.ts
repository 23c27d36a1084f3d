import { expect, it } from 'vitest';
import { alertRegistry } from '../../src/http/alert-metrics.ts';

it('alerts are counted by event, type of receiver and result', async () => {
  const alert = { event: 'breaker.opened', receiver: 'slack', result: 'sent', count: 2 } as const;
  expect(await alertRegistry([alert]).metrics()).toContain(
    'onboard_alerts_total{event="breaker.opened",receiver="slack",result="sent"} 2',
  );
});

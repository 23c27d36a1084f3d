import { expect, it } from 'vitest';
import { renderMetrics } from '../../src/http/metrics.ts';

it('alerts are counted by event, type of receiver and result', async () => {
  const alert = { event: 'breaker.opened', receiver: 'slack', result: 'sent', count: 2 } as const;
  const { body } = await renderMetrics([], [alert]);
  expect(body).toContain('onboard_alerts_total{event="breaker.opened",receiver="slack",result="sent"} 2');
});

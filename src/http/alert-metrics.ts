/** What became of alerts, as metrics. */
import { Counter, Registry } from 'prom-client';
import type { AlertCount } from '../notify/counts.ts';

export function alertRegistry(counts: readonly AlertCount[]): Registry {
  const registry = new Registry();
  const alerts = new Counter({
    name: 'onboard_alerts_total',
    help: 'Tries to alert a receiver, by what it was about, type of receiver, and whether it arrived.',
    labelNames: ['event', 'receiver', 'result'],
    registers: [registry],
  });
  for (const { event, receiver, result, count } of counts) alerts.inc({ event, receiver, result }, count);
  return registry;
}

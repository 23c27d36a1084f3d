/** Traces of the HTTP server, in real processes: they go on from those of its callers, and through a proxy. */
import { expect, it } from 'vitest';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { createAuthority, readPair } from '../support/certificates.ts';
import { spansOf } from '../support/collector.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { makeCustomer } from '../support/customers.ts';
import { startProgram } from '../support/programs.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTlsFront } from '../support/tls-front.ts';
import { batchParts, customerParts, encodeParts, type Part } from '../support/uploads.ts';
import { createWorld, type World } from '../support/world.ts';

const SPAN = '00f067aa0ba902b7';

/** @returns posts parts to a path, as a part of a caller's trace */
async function serve(world: World) {
  const { output } = startProgram(world, ['serve']);
  await expect.poll(() => output.stdout).toMatch(/^http:/);
  const address = output.stdout.trim().split(/\s/)[0];
  return async (path: string, parts: readonly Part[], traceId?: string) => {
    const { headers, payload } = encodeParts(parts);
    const parent = traceId && { traceparent: `00-${traceId}-${SPAN}-01`, baggage: 'customer=secret' };
    const answer = await fetch(new URL(path, address), {
      method: 'POST',
      headers: { ...headers, ...parent },
      body: new Uint8Array(payload),
    });
    expect(answer.status).toBe(202);
  };
}

const environmentFor = async (endpoint: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_BSP_SCHEDULE_DELAY: '100',
  HTTP_PORT: String(await freePort()),
});

it('what a request begins belongs to the trace of whoever sent it', async () => {
  const collector = await startReceiver((response) => response.end('{}'));
  const world = await createWorld({ environment: await environmentFor(collector.origin) });
  const post = await serve(world);
  const [ofCustomer, ofBatch] = ['a'.repeat(32), 'b'.repeat(32)];
  await post('/v1/customers', customerParts(makeCustomer(1)), ofCustomer);
  await post('/v1/batches', batchParts([makeCustomer(2)]), ofBatch);
  await post('/v1/customers', customerParts(makeCustomer(3)));
  const namesIn = (traceId: string) =>
    spansOf(collector)
      .filter((span) => span.traceId === traceId && span.parentSpanId === SPAN)
      .map(({ name }) => name);
  await expect.poll(() => namesIn(ofCustomer)).toEqual(['add']);
  await expect.poll(() => namesIn(ofBatch)).toEqual(['import']);
  // Whoever sends none begins one.
  await expect.poll(() => new Set(spansOf(collector).map(({ traceId }) => traceId)).size).toBe(3);
  expect(collector.received.map(({ body }) => body).join()).not.toContain('secret');
});

it('spans reach a collector behind the proxy of the network', async () => {
  const collector = await startReceiver((response) => response.end('{}'));
  const authority = await createAuthority();
  const pair = await readPair(await authority.sign('DNS:collector.example'));
  const front = await startTlsFront(Number(new URL(collector.origin).port), pair);
  const proxy = await startConnectProxy((host) => (host === 'collector.example' ? front : undefined));
  const world = await createWorld({
    environment: {
      ...(await environmentFor('https://collector.example')),
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: authority.ca,
    },
  });
  await (await serve(world))('/v1/customers', customerParts(makeCustomer(1)));
  await expect.poll(() => spansOf(collector).length).toBeGreaterThan(0);
  expect(new Set(proxy.asked)).toEqual(new Set(['collector.example:443']));
});

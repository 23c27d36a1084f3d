/** Answers without end, of both peers: refused soon, and never in memory as a whole. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { agentFor } from '../../src/alibaba/agents.ts';
import { ChatApp } from '../../src/alibaba/chatapp/client.ts';
import { uploadAgreement } from '../../src/alibaba/oss/upload.ts';
import type { FaultRuleInput } from '../../src/sandbox/simulator/faults.ts';
import { startSimulator } from '../../src/sandbox/simulator/simulator.ts';
import {
  DEFAULT_SIMULATED_ACCOUNT,
  SIMULATED_BUCKET,
  SIMULATED_REGION,
} from '../../src/sandbox/simulator/state.ts';
import { makePdf } from '../support/pdf.ts';

const KINDS = ['gzipBomb', 'endlessBody', 'slowBody'] as const;
/** Only the slow one runs into it. */
const timeoutOf = (kind: (typeof KINDS)[number]) => (kind === 'slowBody' ? 300 : 20_000);
const CUSTOMER = {
  CustSpaceId: 'C1',
  CustName: 'A',
  OfficeAddress: 'B',
  ContactMail: 'a@b.cn',
  CountryId: 'CN',
  BusinessDesc: 'C',
};

async function startWith(fault: FaultRuleInput) {
  const simulator = await startSimulator({ faults: [fault], rate: 1_000 });
  onTestFinished(simulator.stop);
  return simulator;
}

it.each(KINDS)('a submit that is answered by %s has an unknown outcome', async (kind) => {
  const simulator = await startWith({ operation: 'submit', kind });
  const account = { endpoint: simulator.endpoint, region: SIMULATED_REGION };
  const chatApp = new ChatApp({ account, timeoutMs: timeoutOf(kind) });
  await expect(chatApp.submit(DEFAULT_SIMULATED_ACCOUNT, CUSTOMER, 'a.pdf')).rejects.toMatchObject({
    class: 'ambiguous',
    // The SDK gives up on a slow one by itself.
    ...(kind === 'slowBody'
      ? { code: expect.stringMatching(/^PEER_(TIMEOUT|UNREACHABLE)$/) }
      : { code: 'PEER_UNPARSEABLE', message: expect.stringContaining('longer than 1 MB') }),
  });
});

it.each(KINDS)('an upload that is answered by %s is tried again', async (kind) => {
  const simulator = await startWith({ operation: 'put', kind });
  const target = {
    ...simulator.state.grantUpload('1', 3_600),
    bucket: SIMULATED_BUCKET,
    endpoint: `http://127.0.0.1:${simulator.state.ossPort}`,
    region: SIMULATED_REGION,
  };
  const file = { name: 'a.pdf', content: makePdf(['a']) };
  const options = { signature: 'v4', region: SIMULATED_REGION, timeoutMs: timeoutOf(kind) } as const;
  await expect(uploadAgreement(target, file, options)).rejects.toMatchObject({
    class: 'transient',
    code: kind === 'slowBody' ? 'PEER_TIMEOUT' : 'PEER_UNPARSEABLE',
  });
});

/** What `fetch` would do of its own, done by the agent: an SDK sees neither the encoding nor the packed bytes. */
async function ask(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const sent = request(address, { agent: agentFor(address, undefined) }, (response) => {
      let text = String(response.headers['content-encoding'] ?? '');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text)).on('error', reject);
    });
    sent.once('error', reject).end();
  });
}

it.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('an answer in %s is unpacked, which nobody asked for', async (encoding, pack) => {
  const text = await ask((_request, response) =>
    response.writeHead(200, { 'content-encoding': encoding }).end(pack('{"Code":"OK"}')),
  );
  expect(text).toBe('{"Code":"OK"}');
});

it.each([
  ['an unknown encoding', 'zstd', 'x', 'unknown way'],
  ['a broken one', 'gzip', 'not gzip', 'cannot be unpacked'],
  ['more than 1 MB', 'identity', ' '.repeat(1024 * 1024 + 1), 'longer than 1 MB'],
])('%s is refused', async (_name, encoding, body, message) => {
  const asking = ask((_request, response) =>
    response.writeHead(200, { 'content-encoding': encoding }).end(body),
  );
  await expect(asking).rejects.toThrow(message);
});

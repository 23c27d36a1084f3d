/** Calls to simulated Chat App that are signed by hand, as the document of the signature has it and as it has not. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../../src/sandbox/simulator/simulator.ts';
import { DEFAULT_SIMULATED_ACCOUNT } from '../../../src/sandbox/simulator/state.ts';

const ACTION = 'GetChatappUploadAuthorization';

async function startPeer() {
  const simulator = await startSimulator();
  onTestFinished(simulator.stop);
  return simulator;
}

interface Handmade {
  query?: string;
  body?: string;
  /** Another body, which is signed. */
  signed?: string;
  headers?: Record<string, string>;
  order?: (names: string[]) => string[];
}

/** Signs by hand, as whoever has no SDK does. */
async function codeOfSigned(
  endpoint: string,
  { query = '', body = '', signed = '', headers = {}, order = (names) => names.sort() }: Handmade,
) {
  const { accessKeyId, accessKeySecret } = DEFAULT_SIMULATED_ACCOUNT;
  const all: Record<string, string> = {
    host: new URL(endpoint).host,
    'content-type': 'application/x-www-form-urlencoded',
    'x-acs-version': '2020-06-06',
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': sha256(signed || body),
    ...headers,
  };
  const names = order(Object.keys(all));
  const lines = names.map((name) => `${name}:${all[name]}\n`).join('');
  const text = ['POST', '/', query, lines, names.join(';'), all['x-acs-content-sha256']].join('\n');
  const signature = createHmac('sha256', accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(text)}`)
    .digest('hex');
  const authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  const sent = { method: 'POST', headers: { ...all, authorization }, body };
  const response = await fetch(`${endpoint}/${query && `?${query}`}`, sent);
  return ((await response.json()) as { Code: string }).Code;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

it('does not take another body for the one that was signed', async () => {
  const { endpoint } = await startPeer();
  const headers = { 'x-acs-action': ACTION };
  const body = 'CustSpaceId=C1';
  expect(await codeOfSigned(endpoint, { headers, body })).toBe('OK');
  expect(await codeOfSigned(endpoint, { headers, body, signed: 'CustSpaceId=C2' })).toBe(
    'SignatureDoesNotMatch',
  );
});

it('does not take an order of signed headers that is none, nor an action that is in no signed header', async () => {
  const { endpoint } = await startPeer();
  const headers = { 'x-acs-action': ACTION };
  const body = 'CustSpaceId=C1';
  const order = (names: string[]) => names.sort().reverse();
  expect(await codeOfSigned(endpoint, { headers, body, order })).toBe('SignatureDoesNotMatch');
  const query = `Action=${ACTION}`;
  expect(await codeOfSigned(endpoint, { query, body })).toBe('InvalidAction.NotFound');
});

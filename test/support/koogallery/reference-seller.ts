/** A seller's endpoint for tests: small, right by koogallery.md, and wrong in exactly the ways that it is told. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { Generation } from '../../../src/koogallery/protocol/intent.ts';
import { decide, type Seller } from './reference-answers.ts';
import { bodySign, saysTwice, type Verifier, verified } from './reference-crypto.ts';
import type { Fault } from './reference-faults.ts';

export const SELLER_KEYS = {
  current: '00000000-1111-2222-3333-444444444444',
  previous: '99999999-1111-2222-3333-444444444444',
  kit: '55555555-1111-2222-3333-444444444444',
};

export interface ReferenceSeller extends Seller {
  url: URL;
}

type Sellers = Seller & Verifier;

const LARGE = 65_536;

export async function startReferenceSeller(
  generation: Generation,
  ...faults: readonly Fault[]
): Promise<ReferenceSeller> {
  const wrong = new Set(faults);
  const { current, previous, kit } = SELLER_KEYS;
  const seller: Sellers = {
    ...{ key: current, isV1: generation.endsWith('v1'), faults: wrong, orders: new Map(), calls: new Map() },
    ...{ keys: wrong.has('onlyCurrent') ? [current] : [current, previous], kitKey: kit, nonces: new Map() },
  };
  const server = createServer((request, response) => {
    void answer(request, response, seller).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { ...seller, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/saas`) };
}

async function answer(request: IncomingMessage, response: ServerResponse, seller: Sellers): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = request;
  const body = Buffer.concat(chunks);
  const { faults } = seller;
  if (faults.has('hangs')) return;
  if (faults.has('closes')) return void response.destroy();
  if (faults.has('tooLarge413') && body.length > LARGE) return void response.writeHead(413).end();
  send(await answerTo({ method, url, headers, body }, seller), response, seller);
}

async function answerTo(received: Parameters<typeof verified>[0], seller: Sellers): Promise<object> {
  if (received.body.length > LARGE) return { resultCode: '000002', resultMsg: 'too large.' };
  try {
    const params = verified(received, seller);
    if (params === undefined) return { resultCode: '000001', resultMsg: 'authentication failed.' };
    if (saysTwice(received, seller.faults)) return { resultCode: '000002', resultMsg: 'said twice.' };
    const kit = /\/produceAPI\/(?:v2\/)?(\w+)/.exec(received.url)?.[1];
    return await decide(String(kit ?? params.activity), params, seller);
  } catch (error) {
    if (seller.faults.has('crashesOnNoJson')) throw error;
    return { resultCode: '000002', resultMsg: 'no JSON.' };
  }
}

function send(answered: object, response: ServerResponse, { key, faults }: Sellers): void {
  const body = Buffer.from(written(answered, faults));
  const sign = bodySign(faults.has('signedByOther') ? SELLER_KEYS.previous : key, body);
  const quoted = faults.has('noQuotes') ? sign.replaceAll('"', '') : sign;
  response.statusCode = faults.has('status500') ? 500 : faults.has('redirects') ? 302 : 200;
  if (faults.has('redirects')) response.setHeader('Location', 'http://127.0.0.1:1/elsewhere');
  response.setHeader(
    'Content-Type',
    faults.has('textType') ? 'text/html' : 'application/json; charset=utf-8',
  );
  if (faults.has('gzip')) response.setHeader('Content-Encoding', 'gzip');
  if (!faults.has('noSign'))
    response.setHeader(
      faults.has('lowerCase') ? 'body-sign' : 'Body-Sign',
      faults.has('twoSigns') ? [quoted, quoted] : quoted,
    );
  const sent = faults.has('gzip') ? gzipSync(body) : body;
  if (faults.has('endless')) sendForEver(response);
  else response.end(faults.has('newline') ? Buffer.concat([sent, Buffer.from('\n')]) : sent);
}

function written(answered: object, faults: ReadonlySet<Fault>): string {
  if (faults.has('html')) return '<html>Sorry</html>';
  if (faults.has('list')) return JSON.stringify([answered]);
  const { resultCode, resultMsg, ...rest } = answered as Record<string, unknown>;
  const code = faults.has('shortCode') ? '0' : faults.has('oddCode') ? '123456' : resultCode;
  const text = JSON.stringify({ resultCode: code, ...(!faults.has('noMessage') && { resultMsg }), ...rest });
  if (faults.has('rawChinese')) return text;
  return text.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function sendForEver(response: ServerResponse): void {
  const chunk = Buffer.alloc(65_536, 0x20);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

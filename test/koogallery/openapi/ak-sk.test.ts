import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  authorizationOf,
  canonicalRequest,
  sdkDate,
  signatureOf,
} from '../../../src/koogallery/openapi/ak-sk.ts';

/** From Huawei's guide to signatures (docs/koogallery-sources.md). */
const GUIDE = {
  method: 'GET',
  url: new URL(
    'https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs/?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
  ),
  headers: {
    'content-type': 'application/json',
    host: 'service.region.example.com',
    'x-sdk-date': '20191115T033655Z',
  },
  body: '',
};
const GUIDE_SECRET = ['MFyfvK41ba2giqM7Uio6', 'PznpdUKGpownRZlmVmHc'].join('');

it('signs as the guide does', () => {
  const hash = createHash('sha256').update(canonicalRequest(GUIDE)).digest('hex');
  expect(hash).toBe('b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a');
  expect(signatureOf(GUIDE, GUIDE_SECRET)).toBe(
    '7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
  );
});

it('signs as a published gem does, for a path without a slash at its end', () => {
  const request = {
    method: 'POST',
    url: new URL('https://mkt.myhuaweicloud.com/api/mkp-openapi-public/global/v1/license/activate'),
    headers: {
      'content-type': 'application/json',
      host: 'mkt.myhuaweicloud.com',
      'x-sdk-date': '20240317T144237Z',
      'x-stage': 'RELEASE',
    },
    body: '',
  };
  const signature = '77595ad624b6e4e49990b8c4e84bf1c287457fca61069c4e60b9b6765b52053d';
  expect(authorizationOf(request, { accessKey: 'AK', secretKey: '123' })).toBe(
    `SDK-HMAC-SHA256 Access=AK, SignedHeaders=content-type;host;x-sdk-date;x-stage, Signature=${signature}`,
  );
});

it('encodes names and values as RFC 3986 does, in their order', () => {
  const url = new URL("https://a.example/v1/a%20b(c)/?b=1&a=%E4%BA%91+*'&a=%2F");
  const [, path, query] = canonicalRequest({ ...GUIDE, url }).split('\n');
  expect(path).toBe('/v1/a%20b%28c%29/');
  expect(query).toBe('a=%2F&a=%E4%BA%91%20%2A%27&b=1');
  expect(sdkDate(Date.UTC(2024, 2, 17, 14, 42, 37, 999))).toBe('20240317T144237Z');
});

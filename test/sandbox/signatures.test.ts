import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  canonicalQuery,
  canonicalRequest,
  headersToSign,
  signAcs3,
} from '../../src/sandbox/simulator/acs3-signature.ts';
import { crc64 } from '../../src/sandbox/simulator/crc64.ts';
import { ossV4CanonicalRequest, signOssV1, signOssV4 } from '../../src/sandbox/simulator/oss-signature.ts';
import { rpcStringToSign, signRpc } from '../../src/sandbox/simulator/rpc-signature.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('ACS3-HMAC-SHA256', () => {
  const parameters = {
    BusinessDesc: 'Marketing',
    ContactMail: 'partner@aliyun.com',
    CountryId: 'CN',
    CustName: "O'Brien & Söhne (测试) *!~",
    CustSpaceId: 'C200293990209',
    IsvTerms: 'isvTerms.pdf',
    OfficeAddress: '1 Main St\nHangzhou +86 a=b',
  };
  const query = Object.entries(parameters)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join('&');
  const headers = {
    host: 'cams.ap-southeast-1.aliyuncs.com',
    'x-acs-action': 'SubmitIsvCustomerTerms',
    'x-acs-version': '2020-06-06',
    'x-acs-date': '2026-01-02T03:04:05Z',
    'x-acs-signature-nonce': '0123456789abcdef0123456789abcdef',
    'x-acs-content-sha256': sha256(''),
    'x-acs-credentials-provider': 'static_ak',
    'user-agent': 'not signed',
  };
  const request = { method: 'POST', path: '/', query, headers };

  it('reproduces the canonical query of the published vector', () => {
    expect(canonicalQuery(query)).toBe(
      'BusinessDesc=Marketing&ContactMail=partner%40aliyun.com&CountryId=CN&CustName=O%27Brien%20%26%20S%C3%B6hne%20%28%E6%B5%8B%E8%AF%95%29%20%2A%21~&CustSpaceId=C200293990209&IsvTerms=isvTerms.pdf&OfficeAddress=1%20Main%20St%0AHangzhou%20%2B86%20a%3Db',
    );
  });

  it('reproduces the signature of the published vector', () => {
    const signed = headersToSign(headers);
    expect(signed.join(';')).toBe(
      'host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version',
    );
    expect(sha256(canonicalRequest(request, signed))).toBe(
      '5e1f720798566166db7e856eeaf0ddc0b88d10565fc628ed52ca7e600f4b2ea9',
    );
    expect(signAcs3(request, signed, 'testsecret')).toBe(
      '0eb8e68823d82bfd2e3ff72bff2fdaf05222ffaec2604c8bc2b2d5a42268a9a3',
    );
  });
});

describe('legacy RPC signature', () => {
  const query =
    'AccessKeyId=LTAItestid&Action=GetChatappUploadAuthorization&CustSpaceId=C200293990209&Format=json&SignatureMethod=HMAC-SHA1&SignatureNonce=0123456789abcdef0123456789abcdef&SignatureVersion=1.0&Timestamp=2026-01-02T03%3A04%3A05Z&Version=2020-06-06';

  it('reproduces the published vector', () => {
    expect(rpcStringToSign('POST', query)).toBe(
      'POST&%2F&AccessKeyId%3DLTAItestid%26Action%3DGetChatappUploadAuthorization%26CustSpaceId%3DC200293990209%26Format%3Djson%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D0123456789abcdef0123456789abcdef%26SignatureVersion%3D1.0%26Timestamp%3D2026-01-02T03%253A04%253A05Z%26Version%3D2020-06-06',
    );
    expect(signRpc('POST', query, 'testsecret')).toBe('RGEDHAC3xgs+smFEb3mlJWkBgjI=');
  });
});

describe('OSS signatures', () => {
  const request = (date: string) => ({
    method: 'PUT',
    bucket: 'cams-bucket',
    key: 'C200293990209/isvTerms.pdf',
    query: '',
    headers: {
      'content-md5': 'GDsUip2ulKeESoNRsfwtWQ==',
      'content-type': 'application/pdf',
      'x-oss-date': date,
      'x-oss-security-token': 'STSTOKEN==',
      'x-oss-forbid-overwrite': 'true',
    } as Record<string, string>,
  });

  it('reproduces the published vector of V1', () => {
    expect(signOssV1(request('Fri, 02 Jan 2026 03:04:05 GMT'), 'secret')).toBe(
      'a2HBsaM+uRkEbrD1nyHHUjxGqF4=',
    );
  });

  it('reproduces the published vector of V4', () => {
    const v4 = request('20260102T030405Z');
    v4.headers['x-oss-content-sha256'] = 'UNSIGNED-PAYLOAD';
    expect(sha256(ossV4CanonicalRequest(v4, []))).toBe(
      'dd5ac7dc2823bf89fe9b560fbb6ee7cc7f9548b5800eece53dd467f4b8923a85',
    );
    const scope = { date: '20260102', region: 'ap-southeast-1', additionalHeaders: [] };
    expect(signOssV4(v4, scope, 'secret')).toBe(
      'aecca7779836d2434cf1eb341d830c70a0b0bd95466edad459ee4d4357f93c10',
    );
  });

  it('sorts the query of V4 by what is signed: the encoded names', () => {
    const v4 = { ...request('20260102T030405Z'), query: '~=1&%C3%A9=2&uploads' };
    expect(ossV4CanonicalRequest(v4, []).split('\n')[2]).toBe('%C3%A9=2&uploads&~=1');
  });

  it('signs the sub-resources of V1, and no other parameter', () => {
    const signed = (query: string) => signOssV1({ ...request('Fri, 02 Jan 2026 03:04:05 GMT'), query }, 'x');
    expect(signed('uploadId=1&partNumber=2')).toBe(signed('partNumber=2&uploadId=1&prefix=p'));
    expect(new Set([signed(''), signed('uploads'), signed('uploadId=1')]).size).toBe(3);
  });
});

describe('CRC-64 of OSS', () => {
  it.each([
    ['123456789', '11051210869376104954'],
    ['', '0'],
    ['%PDF-1.4 hello', '2188051418999286273'],
  ])('of %j is that of the published vector', (text, checksum) => {
    expect(crc64(Buffer.from(text))).toBe(checksum);
  });
});

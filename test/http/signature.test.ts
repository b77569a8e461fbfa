import { createHmac } from 'node:crypto';
import { Signature } from '@hubspot/api-client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyHubSpotSignature, type SignedRequest } from '../../src/http/hubspot-signature.ts';

interface Vector {
  source: string;
  secret: string;
  request: SignedRequest;
}

const VECTORS: readonly Vector[] = [
  {
    source: "test_get_signature__v3 in the tests of HubSpot's Python client (HubSpot/hubspot-api-python)",
    secret: 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy',
    request: {
      method: 'POST',
      url: 'https://www.example.com/webhook_uri',
      body: Buffer.from("{'example_field':'example_value'}"),
      timestamp: '1693657560000',
      signature: 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=',
    },
  },
  {
    source: "the signature spec of HubSpot's Ruby client (HubSpot/hubspot-api-ruby)",
    secret: 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy',
    request: {
      method: 'POST',
      url: 'https://www.example.com/webhook_uri',
      body: Buffer.from("{'example_field':'example_value'}"),
      timestamp: '1700000300000',
      signature: 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=',
    },
  },
  {
    source:
      'a request recorded from the proxy of @hubspot/ui-extensions-dev-server 2.1.2, which signs the address undecoded',
    secret: 'abc',
    request: {
      method: 'POST',
      url: 'http://localhost:8099/api/card/1?portalId=1&userEmail=a%40b.com',
      body: Buffer.from('{"a":1}'),
      timestamp: '1795319841137',
      signature: 'sMzgciUMKam2botj3DwpToWrfW++CXrPb/eZuH7VfYo=',
    },
  },
];

function signed(secret: string, request: Omit<SignedRequest, 'signature'>, url = request.url): SignedRequest {
  const text = Buffer.concat([
    Buffer.from(request.method + url),
    request.body,
    Buffer.from(request.timestamp),
  ]);
  return { ...request, signature: createHmac('sha256', secret).update(text).digest('base64') };
}

function at(timestamp: string, offsetMs = 0): Date {
  return new Date(Number(timestamp) + offsetMs);
}

describe.each(VECTORS)('the vector from $source', ({ secret, request }) => {
  const now = at(request.timestamp, 1000);
  const verdict = (change: Partial<SignedRequest>, when = now): string =>
    verifyHubSpotSignature(secret, { ...request, ...change }, when);

  it('holds', () => {
    expect(verdict({})).toBe('valid');
  });

  it('fails when anything that is signed is another', () => {
    expect(verifyHubSpotSignature(`${secret}x`, request, now)).toBe('invalid');
    for (let n = 0; n < request.body.length; n += 1) {
      const body = Buffer.from(request.body);
      body[n] = (body[n] ?? 0) ^ 1;
      expect(verdict({ body })).toBe('invalid');
    }
    expect(verdict({ body: Buffer.alloc(0) })).toBe('invalid');
    expect(verdict({ body: Buffer.concat([request.body, Buffer.from('\n')]) })).toBe('invalid');
    for (const method of ['GET', 'PUT', 'post']) expect(verdict({ method })).toBe('invalid');
    for (const url of [
      `${request.url}&x=1`,
      request.url.replace(/^https?/, (scheme) => (scheme === 'http' ? 'https' : 'http')),
      request.url.replace('//', '//evil.'),
      `${request.url}/`,
    ])
      expect(verdict({ url })).toBe('invalid');
    expect(verdict({ timestamp: String(Number(request.timestamp) + 1) })).toBe('invalid');
  });

  it('fails without a whole signature', () => {
    const { signature } = request;
    for (const given of [
      '',
      '=',
      'AAAA',
      signature.slice(0, -8),
      `${signature}AAAA`,
      signature.toLowerCase(),
      '💥',
    ])
      expect(verdict({ signature: given })).toBe('invalid');
  });

  it('is stale five minutes later, and from the future five seconds early', () => {
    expect(verdict({}, at(request.timestamp, 300_000))).toBe('valid');
    expect(verdict({}, at(request.timestamp, 300_001))).toBe('stale');
    expect(verdict({}, at(request.timestamp, -5_000))).toBe('valid');
    expect(verdict({}, at(request.timestamp, -5_001))).toBe('stale');
    expect(verdict({}, at(request.timestamp, 86_400_000))).toBe('stale');
  });

  it('fails with a timestamp that is no number of milliseconds, signed or not', () => {
    for (const timestamp of [
      '',
      'NaN',
      '-1',
      '1e12',
      ' 1693657560000',
      '1693657560000.5',
      '0x18A',
      '١٢٣',
      '9'.repeat(16),
    ]) {
      expect(verdict({ timestamp })).toBe('invalid');
      expect(verifyHubSpotSignature(secret, signed(secret, { ...request, timestamp }), now)).toBe('invalid');
    }
  });
});

describe('the address', () => {
  const base = { method: 'GET', body: Buffer.alloc(0), timestamp: '1795319841137' };
  const now = at(base.timestamp);
  const encoded =
    'https://cs.example.com/api/card/9?portalId=1&userEmail=a%40b.com&q=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B';
  const decoded = `https://cs.example.com/api/card/9?portalId=1&userEmail=a@b.com&q=:/?@!$'()*,;`;

  it('may be signed as it came, as HubSpot’s libraries do, or decoded, as its documentation says', () => {
    for (const form of [encoded, decoded, encoded.replace('%40', '@')]) {
      const isOneOfBoth = form === encoded || form === decoded;
      const verdict = verifyHubSpotSignature('s', signed('s', { ...base, url: encoded }, form), now);
      expect(verdict, form).toBe(isOneOfBoth ? 'valid' : 'invalid');
    }
    const small = encoded.replace('%2F', '%2f').replace('%3A', '%3a');
    expect(verifyHubSpotSignature('s', signed('s', { ...base, url: small }, decoded), now)).toBe('valid');
  });

  it('is decoded once, and only where the documentation says', () => {
    const twice = 'https://cs.example.com/?q=%2540%20%26%3D%23%25+';
    const onlyOnce = (form: string): string =>
      verifyHubSpotSignature('s', signed('s', { ...base, url: twice }, form), now);
    expect(onlyOnce(twice)).toBe('valid');
    expect(onlyOnce('https://cs.example.com/?q=@%20%26%3D%23%25+')).toBe('invalid');
    expect(onlyOnce('https://cs.example.com/?q=%40%20%26%3D%23%25+')).toBe('invalid');
    expect(onlyOnce('https://cs.example.com/?q=%2540 &=#%+')).toBe('invalid');
  });
});

it('accepts whatever HubSpot’s own library signs, and nothing that differs in one byte', () => {
  fc.assert(
    fc.property(
      fc.record({
        secret: fc.string({ minLength: 1 }),
        method: fc.constantFrom('GET', 'POST'),
        path: fc.webPath(),
        query: fc.webQueryParameters(),
        body: fc.string({ unit: 'grapheme' }),
        flip: fc.nat(),
      }),
      ({ secret, method, path, query, body, flip }) => {
        const url = `https://cs.example.com${path}?${query}`;
        const timestamp = '1795319841137';
        const options = { clientSecret: secret, url, requestBody: body, timestamp: Number(timestamp) };
        const signature = Signature.getSignature(method, 'v3', { ...options, signature: '' });
        const request = { method, url, body: Buffer.from(body), timestamp, signature };
        expect(verifyHubSpotSignature(secret, request, at(timestamp))).toBe('valid');
        const bytes = Buffer.from(signature, 'base64');
        bytes[flip % bytes.length] = (bytes[flip % bytes.length] ?? 0) ^ 0x10;
        const other = { ...request, signature: bytes.toString('base64') };
        expect(verifyHubSpotSignature(secret, other, at(timestamp))).toBe('invalid');
      },
    ),
    { seed: 11, numRuns: 200 },
  );
});

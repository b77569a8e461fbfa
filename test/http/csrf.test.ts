import { describe, expect, it } from 'vitest';
import { requireCsrfToken, requireSameOrigin } from '../../src/http/csrf.ts';

const US = 'https://cs.example.com';
const REFUSED = expect.objectContaining({
  code: 'forbidden',
  message: 'This form came from another site or is too old. Go back, reload the page and send it again.',
});

describe('where a form comes from', () => {
  const check = (headers: Record<string, string>) => () => requireSameOrigin(headers, US);

  it('may be our own page, or a client that is no browser', () => {
    const allowed = [
      {},
      { origin: US },
      { 'sec-fetch-site': 'same-origin', origin: US },
      { 'sec-fetch-site': 'none' },
      // Under Referrer-Policy no-referrer a browser sends "null" for our own forms and says the rest in the other header.
      { 'sec-fetch-site': 'same-origin', origin: 'null' },
    ];
    for (const headers of allowed) expect(check(headers), JSON.stringify(headers)).not.toThrow();
  });

  it('may be no other site, not even one on a neighbouring host or port', () => {
    const refused = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site', origin: US },
      { 'sec-fetch-site': 'cross-site', origin: 'null' },
      { origin: 'null' },
      { origin: '' },
      { origin: 'http://cs.example.com' },
      { origin: 'https://cs.example.com:8443' },
      { origin: 'https://cs.example.com.evil.example' },
      { origin: 'https://example.com' },
    ];
    for (const headers of refused) expect(check(headers), JSON.stringify(headers)).toThrow(REFUSED);
  });
});

describe('the token of a form', () => {
  const check = (sent: string, wanted: string) => () => requireCsrfToken(new URLSearchParams(sent), wanted);

  it('is the one of the session', () => {
    expect(check('csrf=abc', 'abc')).not.toThrow();
    for (const sent of [
      '',
      'csrf=',
      'csrf=abd',
      'csrf=ab',
      'csrf=abcd',
      'csrf=ABC',
      'other=abc',
      'csrf=%C3%A4bc',
    ])
      expect(check(sent, 'abc'), sent).toThrow(REFUSED);
  });
});

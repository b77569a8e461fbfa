import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createSeal } from '../../src/store/seal.ts';

const KEY = Buffer.alloc(32, 7);
const seal = createSeal(KEY, 'hubspot tokens');
const REFUSED = /cannot be read with this SECRET_KEY/;

it('opens what it sealed, and seals the same secret differently each time', () => {
  const secrets = ['', 'pat-eu1-1234', 'ü😀'.repeat(500)];
  for (const secret of secrets) expect(seal.open('main', seal.seal('main', secret))).toBe(secret);
  expect(seal.seal('main', 'same')).not.toBe(seal.seal('main', 'same'));
  expect(seal.seal('main', 'canary')).not.toContain('canary');
  expect(Buffer.from(seal.seal('main', 'canary').split('.')[1] ?? '', 'base64url')).not.toContain('canary');
});

it('opens for no other portal, under no other key and for no other purpose', () => {
  const sealed = seal.seal('main', 'secret');
  expect(() => seal.open('other', sealed)).toThrow(REFUSED);
  expect(() => createSeal(randomBytes(32), 'hubspot tokens').open('main', sealed)).toThrow(REFUSED);
  expect(() => createSeal(KEY, 'something else').open('main', sealed)).toThrow(REFUSED);
});

it('notices every flipped bit and every cut', () => {
  const sealed = seal.seal('main', 'secret');
  const [id = '', body = ''] = sealed.split('.');
  const bytes = Buffer.from(body, 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => seal.open('main', `${id}.${flipped.toString('base64url')}`)).toThrow(REFUSED);
  }
  // Without a word, AES-GCM takes the beginning of a tag for the tag; the empty secret shows it.
  for (const secret of ['secret', '']) {
    const whole = Buffer.from(seal.seal('main', secret).split('.')[1] ?? '', 'base64url');
    for (let length = 0; length < whole.length; length += 1) {
      const cut = whole.subarray(0, length).toString('base64url');
      expect(() => seal.open('main', `${id}.${cut}`)).toThrow(REFUSED);
    }
  }
  for (const text of ['', '.', id, `${id}.`, `deadbeef.${body}`])
    expect(() => seal.open('main', text)).toThrow(REFUSED);
});

it('refuses with the code of a part that is not ready, and never says the secret', () => {
  const refusal = (): string => seal.open('main', `${seal.seal('main', 'canary').slice(0, -4)}AAAA`);
  expect(refusal).toThrow(expect.objectContaining({ code: 'unavailable' }));
  expect(refusal).not.toThrow(/canary/);
});

import { expect, it } from 'vitest';
import { checkNonce, issueNonce } from '../../src/http/nonce.ts';

const KEY = Buffer.alloc(32, 1);
const NOON = new Date('2026-03-01T12:00:00Z');
const later = (ms: number): Date => new Date(NOON.getTime() + ms);
const HOUR = 3_600_000;

it('is good for an hour, for its subject, under its key', () => {
  const nonce = issueNonce(KEY, 'link abc', NOON);
  expect(checkNonce(KEY, 'link abc', nonce, NOON)).toBe(true);
  expect(checkNonce(KEY, 'link abc', nonce, later(HOUR))).toBe(true);
  expect(checkNonce(KEY, 'link abc', nonce, later(HOUR + 1))).toBe(false);
  expect(checkNonce(KEY, 'link abc', nonce, later(-1))).toBe(false);
  expect(checkNonce(KEY, 'link abd', nonce, NOON)).toBe(false);
  expect(checkNonce(Buffer.alloc(32, 2), 'link abc', nonce, NOON)).toBe(false);
});

it('cannot be made longer, cut or moved to another moment', () => {
  const nonce = issueNonce(KEY, 's', NOON);
  const [at = '', mac = ''] = nonce.split('.');
  const forged = [
    '',
    '.',
    at,
    `${at}.`,
    `.${mac}`,
    `${at}.${mac.slice(1)}`,
    `${at}.${mac}A`,
    `${Number(at) + 1}.${mac}`,
    `0${at}.${mac}`,
    ` ${at}.${mac}`,
    `${at}e0.${mac}`,
    `${at}.${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`,
  ];
  for (const text of forged) expect(checkNonce(KEY, 's', text, later(10)), text).toBe(false);
});

it('does not let a subject with a separator stand for another', () => {
  const nonce = issueNonce(KEY, 'a|1', NOON);
  expect(checkNonce(KEY, 'a', nonce, NOON)).toBe(false);
  expect(issueNonce(KEY, 'a', NOON)).not.toBe(issueNonce(KEY, 'b', NOON));
});

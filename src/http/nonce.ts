import { createHmac, timingSafeEqual } from 'node:crypto';

const LIFE_MS = 3_600_000;

/** A value that a form carries and only a page of ours can have given, for forms that come before a session. Good for an hour. */
export function issueNonce(key: Buffer, subject: string, now: Date): string {
  const at = String(now.getTime());
  return `${at}.${mac(key, subject, at)}`;
}

export function checkNonce(key: Buffer, subject: string, nonce: string, now: Date): boolean {
  const [at = '', given = ''] = nonce.split('.');
  if (!/^\d{1,15}$/.test(at) || now.getTime() - Number(at) > LIFE_MS || Number(at) > now.getTime())
    return false;
  const [a, b] = [Buffer.from(given), Buffer.from(mac(key, subject, at))];
  return a.length === b.length && timingSafeEqual(a, b);
}

function mac(key: Buffer, subject: string, at: string): string {
  return createHmac('sha256', key).update(`${subject}|${at}`).digest('base64url');
}

import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes behind a prefix that says what they are for. Random beats signed: it can be revoked, and no key can leak. */
export function newToken(prefix: 'su' | 'in' | 'se' | 'us'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** Only this is stored; the token itself is shown once. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Whether a text can be a token at all; what cannot is not looked up. */
export function looksLikeToken(text: string): boolean {
  return /^(su|in|se|us)_[A-Za-z0-9_-]{43}$/.test(text);
}

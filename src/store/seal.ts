import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '../core/errors.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts and decrypts short secrets; a value sealed for one portal does not open for another. */
export interface Seal {
  seal(portal: string, secret: string): string;
  /** Throws AppError `unavailable` when the key, the portal or the text is not the one it was sealed with. */
  open(portal: string, sealed: string): string;
}

/** AES-256-GCM under a key derived for `purpose` (HKDF-SHA-256), with the portal's id as additional data. */
export function createSeal(secretKey: Buffer, purpose: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', secretKey, Buffer.alloc(0), `holdfast ${purpose}`, 32));
  const keyId = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'key id', 4)).toString('hex');
  return {
    seal: (portal, secret) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(portal));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return `${keyId}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
    },
    open: (portal, sealed) => {
      const [id, body] = sealed.split('.');
      try {
        if (id !== keyId || body === undefined) throw new Error('sealed with another key');
        const bytes = Buffer.from(body, 'base64url');
        const nonce = bytes.subarray(0, NONCE_BYTES);
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
          .setAAD(Buffer.from(portal))
          .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return (
          decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
        );
      } catch (cause) {
        throw new AppError(
          'unavailable',
          'A stored secret cannot be read with this SECRET_KEY. Put the old key back, or connect HubSpot again.',
          { cause },
        );
      }
    },
  };
}

import { createHmac, timingSafeEqual } from 'node:crypto';

const OLDEST_MS = 300_000;
const FUTURE_MS = 5_000;
/** The escapes that HubSpot's documentation decodes before signing, and no others. */
const DECODED: Record<string, string> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

export interface SignedRequest {
  method: string;
  /** our configured public base followed by the address as it came, never made from Host or X-Forwarded headers */
  url: string;
  /** the bytes of the body; empty for a GET */
  body: Buffer;
  timestamp: string;
  signature: string;
}

/**
 * Checks X-HubSpot-Signature-v3. The documentation signs a partly decoded address, HubSpot's own libraries sign it as sent:
 * both are bound to secret, body and time, so either is accepted.
 */
export function verifyHubSpotSignature(
  secret: string,
  request: SignedRequest,
  now: Date,
): 'valid' | 'stale' | 'invalid' {
  if (!/^\d{1,15}$/.test(request.timestamp)) return 'invalid';
  const age = now.getTime() - Number(request.timestamp);
  if (age > OLDEST_MS || age < -FUTURE_MS) return 'stale';
  // As text: a decoder would take the signature with anything behind its padding.
  const given = Buffer.from(request.signature);
  const matches = (url: string): boolean => {
    const mac = createHmac('sha256', secret)
      .update(request.method + url)
      .update(request.body)
      .update(request.timestamp);
    const expected = Buffer.from(mac.digest('base64'));
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
  return matches(request.url) || matches(decodeSome(request.url)) ? 'valid' : 'invalid';
}

// The question mark that begins the query stays as it is anyway: it is no escape.
function decodeSome(url: string): string {
  return url.replace(/%[0-9A-F]{2}/gi, (escape) => DECODED[escape.toUpperCase()] ?? escape);
}

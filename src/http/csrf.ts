import { timingSafeEqual } from 'node:crypto';
import { AppError } from '../core/errors.ts';

const SENTENCE =
  'This form came from another site or is too old. Go back, reload the page and send it again.';

/** Refuses a POST that another site caused: by the browser's own word, and by the page it says it comes from. */
export function requireSameOrigin(
  headers: Record<string, string | string[] | undefined>,
  publicUrl: string,
): void {
  const site = headers['sec-fetch-site'];
  if (typeof site === 'string' && site !== 'same-origin' && site !== 'none')
    throw new AppError('forbidden', SENTENCE);
  const origin = headers['origin'];
  // Under `Referrer-Policy: no-referrer` a browser hides the origin of our own forms too; its word above then decides.
  if (origin === 'null' && site === 'same-origin') return;
  if (typeof origin === 'string' && origin !== new URL(publicUrl).origin)
    throw new AppError('forbidden', SENTENCE);
}

/** Refuses a form without its session's own token. */
export function requireCsrfToken(form: URLSearchParams, wanted: string): void {
  const [a, b] = [Buffer.from(form.get('csrf') ?? ''), Buffer.from(wanted)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) throw new AppError('forbidden', SENTENCE);
}

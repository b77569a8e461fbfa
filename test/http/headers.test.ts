import express from 'express';
import request from 'supertest';
import { expect, it } from 'vitest';
import { securityHeaders } from '../../src/http/headers.ts';

async function headersOf(isSecure: boolean, path: string): Promise<Record<string, string>> {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders(isSecure));
  app.get('/page', (_request, response) => void response.send('x'));
  app.get('/broken', () => {
    throw new Error('broken');
  });
  app.use((_error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
    response.status(500).send('x');
  });
  return (await request(app).get(path)).headers;
}

const POLICY = {
  'default-src': "'none'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'script-src': "'self'",
  'connect-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

it.each(['/page', '/broken'])('guards every answer, here that of %s', async (path) => {
  const headers = await headersOf(true, path);
  const policy = Object.fromEntries(
    (headers['content-security-policy'] ?? '').split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(' ');
      return [name, values.join(' ')];
    }),
  );
  expect(policy).toEqual(POLICY);
  expect(headers).toMatchObject({
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
  });
  expect(headers).not.toHaveProperty('x-powered-by');
});

it('promises https only where people come over https', async () => {
  expect(await headersOf(false, '/page')).not.toHaveProperty('strict-transport-security');
});

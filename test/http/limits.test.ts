import { once } from 'node:events';
import type { Server } from 'node:http';
import express from 'express';
import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { createLimits, type Limits } from '../../src/http/limits.ts';
import { problemOf } from '../../src/http/problem.ts';

/** A small app behind one of the limits; the sender's address is taken from a header, the answer from the path. */
async function appBehind(pick: (limits: Limits) => Limits['requests']): Promise<Server> {
  const app = express();
  app.set('trust proxy', true);
  app.use(pick(createLimits()));
  app.get('/:status', (asked, response) => void response.status(Number(asked.params.status)).end());
  app.use((error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
    const { status, message } = problemOf(error, 'r1');
    response.status(status).json({ message, isOurs: error instanceof AppError });
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

function ask(server: Server, from: string, status = 200): request.Test {
  return request(server).get(`/${status}`).set('X-Forwarded-For', from);
}

async function askTimes(times: number, server: Server, from: string, status = 200): Promise<number[]> {
  const answers: number[] = [];
  for (let n = 0; n < times; n += 1) answers.push((await ask(server, from, status)).status);
  return answers;
}

describe('requests', () => {
  it('are refused with 429, Retry-After and a sentence beyond six hundred a minute, for that sender only', async () => {
    const server = await appBehind((limits) => limits.requests);
    const allowed = await askTimes(600, server, '192.0.2.1');
    expect(new Set(allowed)).toEqual(new Set([200]));
    const refused = await ask(server, '192.0.2.1');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(refused.body).toEqual({
      message: 'Too many requests from your network. Wait a minute and try again.',
      isOurs: true,
    });
    expect((await ask(server, '192.0.2.2')).status).toBe(200);
  });
});

describe('links that are not known', () => {
  it('are refused beyond twenty a minute; links that are known do not count', async () => {
    const server = await appBehind((limits) => limits.unknownLinks);
    expect(new Set(await askTimes(30, server, '192.0.2.1', 200))).toEqual(new Set([200]));
    expect(new Set(await askTimes(20, server, '192.0.2.1', 404))).toEqual(new Set([404]));
    expect((await ask(server, '192.0.2.1', 404)).status).toBe(429);
    expect((await ask(server, '192.0.2.1', 200)).status).toBe(429); // a guesser is not told that a guess was right
    expect((await ask(server, '192.0.2.9', 404)).status).toBe(404);
  });

  it('count for a whole household of IPv6 addresses', async () => {
    const server = await appBehind((limits) => limits.unknownLinks);
    for (let n = 0; n < 20; n += 1) await ask(server, `2001:db8:1:2::${n.toString(16)}`, 404);
    expect((await ask(server, '2001:db8:1:2:ffff:ffff:ffff:ffff', 404)).status).toBe(429);
    expect((await ask(server, '2001:db8:1:3::1', 404)).status).toBe(404);
  });
});

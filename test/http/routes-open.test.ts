import { readFile, writeFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Express } from 'express';
import { createApp } from '../../src/app.ts';
import type { PortalId } from '../../src/core/actor.ts';
import type { Store } from '../../src/store/sql.ts';
import { currentSnapshot } from '../../src/store/snapshots.ts';
import { markWorkerAlive } from '../../src/store/workers.ts';
import { snapshotFile } from '../../src/warehouse/paths.ts';
import { addPortal, openTestWeb, startSmallHubSpot, syncFrom, type TestWeb } from '../support/web.ts';

const EMBEDDED =
  'Embedded store: survives a crash of the program, not a power cut. Set DATABASE_URL for PostgreSQL.';

let test: TestWeb;
let portal: PortalId;
let app: Express;

beforeAll(async () => {
  test = await openTestWeb();
  portal = await addPortal(test, 'main');
});
afterAll(() => test.close());
beforeEach(() => {
  app = createApp(test.web);
});

function withStore(change: Partial<Store>): Express {
  return createApp({ ...test.web, store: { ...test.store, ...change } });
}

describe('readiness', () => {
  it('says what is missing, one sentence each, until worker and data are there', async () => {
    const first = await request(app).get('/readyz');
    expect(first.status).toBe(503);
    expect(first.body).toMatchObject({
      ok: false,
      missing: ['The worker is starting.', 'Nothing is published yet; the first sync does it.'],
    });
    await markWorkerAlive(test.store, 'worker');
    const second = await request(createApp(test.web)).get('/readyz');
    expect(second.status).toBe(503);
    expect(second.body).toMatchObject({ missing: ['Nothing is published yet; the first sync does it.'] });
    const fake = await startSmallHubSpot(5);
    expect(await syncFrom(test, portal, fake)).toMatchObject({ state: 'complete' });
    await fake.close();
    const third = await request(createApp(test.web)).get('/readyz');
    expect(third.status).toBe(200);
    expect(third.body).toMatchObject({ ok: true, missing: [] });
  });

  it('is 503 when the published file on the disk is damaged, also while it is open for readers', async () => {
    const pointer = await currentSnapshot(test.store, portal);
    if (pointer === null) throw new Error('nothing is published');
    const count = (db: DuckDBConnection): Promise<unknown> => db.run('select count(*) from record_counts');
    await test.web.snapshots.read(portal, pointer.name, count);
    const file = snapshotFile(test.dataDir, portal, pointer.name);
    const whole = await readFile(file);
    await writeFile(file, Buffer.from(whole).fill(7, 0, 20_000));
    const response = await request(createApp(test.web)).get('/readyz');
    expect(response.status).toBe(503);
    const sentence = 'The published data of this portal are damaged. Sync now to publish them again.';
    expect(response.body).toMatchObject({ ok: false, missing: [sentence] });
    await writeFile(file, whole);
    expect((await request(createApp(test.web)).get('/readyz')).status).toBe(200);
  });

  it('repeats what the embedded store does not promise', async () => {
    const { body } = await request(app).get('/readyz');
    expect(body).toMatchObject({
      parts: expect.arrayContaining([expect.objectContaining({ sentence: EMBEDDED })]),
    });
  });

  it('is 503 when the worker has fallen silent', async () => {
    await test.store.query(`update holdfast.workers set alive_at = now() - interval '2 minutes'`);
    const response = await request(app).get('/readyz');
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({
      missing: [expect.stringMatching(/^The worker has been silent for 12\d seconds\./)],
    });
    await markWorkerAlive(test.store, 'worker');
  });

  it('is 503 when the store does not answer, and the process still lives', async () => {
    const ill = withStore({ query: () => Promise.reject(new Error('connection lost')) });
    const response = await request(ill).get('/readyz');
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ missing: ['The operational store does not answer.'] });
    expect(response.text).not.toContain('connection lost');
    expect((await request(ill).get('/healthz')).status).toBe(200);
  });

  it('asks the store for any number of probes at once only once', async () => {
    let asked = 0;
    const counting = withStore({
      query: (text, params) => {
        if (text.includes('holdfast.workers')) asked += 1;
        return test.store.query(text, params);
      },
    });
    await Promise.all(Array.from({ length: 8 }, () => request(counting).get('/readyz')));
    expect(asked).toBe(2); // once for the store and the worker, once for the portal
  });

  it('never tells a probe that it asks too often', async () => {
    const statuses = await Promise.all(Array.from({ length: 8 }, () => request(app).get('/healthz')));
    expect(statuses.every((one) => one.headers['ratelimit'] === undefined)).toBe(true);
    expect((await request(app).get('/')).headers['ratelimit']).toBeDefined();
  });
});

describe('files of the pages', () => {
  it('are kept by browsers for ever, under the hash of what is in them', async () => {
    const page = await request(app).get('/');
    const addresses = [...page.text.matchAll(/"(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(addresses.length).toBeGreaterThanOrEqual(3);
    for (const address of addresses) {
      expect(address).toMatch(/^\/assets\/\w+\.[0-9a-f]{16}\.(css|js|svg)$/);
      const file = await request(app).get(address);
      expect(file.status).toBe(200);
      expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(file.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('are nowhere under another hash or by a way around the folder', async () => {
    for (const path of [
      '/assets/holdfast.css',
      '/assets/holdfast.0000000000000000.css',
      '/assets/..%2fapp.ts',
      '/assets/../app.ts',
    ]) {
      expect((await request(app).get(path)).status, path).toBe(404);
    }
  });
});

describe('headers', () => {
  it('are on every kind of answer', async () => {
    for (const path of ['/', '/nowhere', '/api/progress', '/healthz', '/readyz', '/signin/none']) {
      const { headers } = await request(app).get(path);
      expect(headers['content-security-policy'], path).toBe(
        "default-src 'none';style-src 'self';img-src 'self' data:;font-src 'self';script-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
      );
      expect(headers, path).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers['x-powered-by'], path).toBeUndefined();
      expect(headers['strict-transport-security'], path).toBeUndefined();
    }
  });

  it('promise https only where people come over it, and only there is a proxy believed', async () => {
    const secure = createApp({
      ...test.web,
      settings: { ...test.web.settings, isSecure: true, publicUrl: 'https://holdfast.example' },
    });
    expect((await request(secure).get('/')).headers['strict-transport-security']).toContain(
      'max-age=31536000',
    );
    expect(secure.get('trust proxy')).toEqual(['loopback', 'linklocal', 'uniquelocal']);
    expect(app.get('trust proxy')).toBe(false);
  });
});

it('when the store is down a page says so and gives a number, but no details', async () => {
  const ill = withStore({ query: () => Promise.reject(new Error('secret detail')) });
  const response = await request(ill)
    .get('/')
    .set('Cookie', `sid=se_${'a'.repeat(43)}`);
  expect(response.status).toBe(500);
  expect(response.text).toContain('Something went wrong on our side');
  expect(response.text).toContain(String(response.headers['x-request-id']));
  expect(response.text).not.toContain('secret detail');
});

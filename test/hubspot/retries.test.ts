import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tooMany } from '../../src/demo/fake/limits.ts';
import { htmlPage } from '../../src/demo/fake/replies.ts';
import type { FakeReply, Fault } from '../../src/demo/fake/types.ts';
import { installHttpAgent } from '../../src/hubspot/agent.ts';
import { freePort } from '../support/product.ts';
import { failureOf, openClient, type Opened } from './open-client.ts';

const before = getGlobalDispatcher();
beforeAll(() => installHttpAgent({ connectMs: 500, answerMs: 200 }));
afterAll(async () => {
  const ours = getGlobalDispatcher();
  setGlobalDispatcher(before);
  await ours.close();
});

const PORTAL = { objects: { companies: [{ id: '101', properties: { name: 'First' } }] } };
const reply = (status: number, extra: Partial<FakeReply> = {}): Fault => ({
  do: 'reply',
  reply: { status, body: {}, ...extra },
});

async function withFaults(faults: readonly Fault[], random = 0): Promise<Opened> {
  const opened = await openClient(PORTAL, { client: { random: () => random } });
  opened.fake.faults.rules = faults.map((fault) => ({ fault, times: 1 }));
  return opened;
}

/** [requests, virtual milliseconds] until one page of companies was there. */
async function costOf({ hubspot, elapsed }: Opened): Promise<[number, number]> {
  const page = await hubspot.list({ objectType: 'companies', properties: ['name'] });
  expect(page.results).toMatchObject([{ id: '101', properties: { name: 'First' } }]);
  return [hubspot.usage().requests, elapsed()];
}

describe('asked again', () => {
  it.each<[string, Fault]>([
    ...[500, 502, 503, 504, 521, 522, 523, 524, 525, 526].map((status): [string, Fault] => [
      `status ${status}`,
      reply(status),
    ]),
    ...([502, 520, 524, 530] as const).map((status): [string, Fault] => [
      `an error page ${status}`,
      { do: 'reply', reply: htmlPage(status) },
    ]),
    ['a page of HTML that says 200', { do: 'reply', reply: { ...htmlPage(502), status: 200 } }],
    ['an answer of another form', { do: 'reply', reply: { status: 200, body: { results: 'none' } } }],
    ['a body cut off on the way', { do: 'cut' }],
    ['a connection that was reset', { do: 'reset' }],
    ['a server that hangs', { do: 'hang' }],
    ['a body that trickles more slowly than we wait', { do: 'trickle', msPerByte: 1500 }],
  ])('after %s', async (_, fault) => {
    expect(await costOf(await withFaults([fault]))).toEqual([2, 250]);
  });

  it('after anything that happens to a POST that only reads', async () => {
    const { hubspot } = await withFaults([{ do: 'hang' }, { do: 'cut' }, { do: 'reset' }]);
    const { results } = await hubspot.batchRead({
      objectType: 'companies',
      ids: ['101'],
      properties: ['name'],
    });
    expect([results.length, hubspot.usage()]).toMatchObject([1, { requests: 4, retries: 3 }]);
  });

  it('after pauses that grow, with as much again left to chance', async () => {
    const faults = Array.from({ length: 6 }, () => reply(503));
    expect(await costOf(await withFaults(faults))).toEqual([7, 250 * (1 + 2 + 4 + 8 + 16 + 32)]);
    expect(await costOf(await withFaults(faults, 1))).toEqual([7, 500 * (1 + 2 + 4 + 8 + 16 + 32)]);
  });

  it.each<[string, Fault, number]>([
    ['after as long as HubSpot says', reply(503, { headers: { 'retry-after': '9' } }), 9000],
    ['after as long as a body in front of HubSpot says', reply(520, { body: { retry_after: 4 } }), 4000],
    ['after five minutes at most', reply(503, { headers: { 'retry-after': '86400' } }), 300_000],
    [
      'after the usual pause when the header is a date',
      reply(503, { headers: { 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' } }),
      250,
    ],
    ['after two seconds when the record is locked', reply(423), 2000],
    [
      'after as long as a move of the account takes',
      reply(477, { headers: { 'retry-after': '120' } }),
      120_000,
    ],
    [
      'after five seconds when the burst limit is reached',
      { do: 'reply', reply: tooMany('TEN_SECONDLY_ROLLING') },
      5000,
    ],
    [
      'after as long as the burst limit says',
      { do: 'reply', reply: tooMany('TEN_SECONDLY_ROLLING', 7) },
      7000,
    ],
    [
      'after as long as a body in front of HubSpot says of a rate',
      reply(429, { body: { retry_after: 3 } }),
      3000,
    ],
    ['after the usual pause when a move of the account has no end yet', reply(477), 250],
    ['after five seconds when a limit has no name', reply(429, { body: 'slow down' }), 5000],
  ])('%s', async (_, fault, ms) => {
    expect(await costOf(await withFaults([fault]))).toEqual([2, ms]);
  });

  it('after a second when a search was one too many, and nothing else waits for it', async () => {
    const { hubspot, elapsed } = await withFaults([{ do: 'reply', reply: tooMany('SECONDLY') }]);
    const query = {
      objectType: 'companies',
      filters: [],
      properties: [],
      sort: { propertyName: 'name', direction: 'ASCENDING' as const },
    };
    expect((await hubspot.search(query)).total).toBe(1);
    expect([hubspot.usage().requests, elapsed()]).toEqual([2, 1000]);
  });

  it('after two minutes of a body that drips, however steadily', async () => {
    const { fake, hubspot, clock, lines } = await openClient(PORTAL, { auto: false });
    fake.faults.rules = [{ fault: { do: 'trickle', msPerByte: 20 }, times: 1 }];
    let isThere = false;
    const page = hubspot.list({ objectType: 'companies', properties: ['name'] }).then((answer) => {
      isThere = true;
      return answer;
    });
    await expect.poll(() => fake.log.length).toBe(1);
    await clock.advance(119_000);
    expect([isThere, lines.length]).toEqual([false, 0]);
    await clock.advance(1000);
    await expect.poll(() => lines.length).toBe(1);
    expect(lines[0]).toContain('it took too long');
    await clock.advance(250);
    expect((await page).results).toMatchObject([{ id: '101', properties: { name: 'First' } }]);
    expect(hubspot.usage()).toMatchObject({ requests: 2, retries: 1 });
  });

  it.each<[string, Fault, number]>([
    ['a server', reply(503, { headers: { 'retry-after': '10' } }), 12_000],
    ['a lock', reply(423), 2400],
    ['a rate', { do: 'reply', reply: tooMany('TEN_SECONDLY_ROLLING', 10) }, 12_000],
  ])('after a fifth longer than %s asks for at most, left to chance', async (_, fault, most) => {
    expect(await costOf(await withFaults([fault], 1))).toEqual([2, most]);
  });

  it('seven times at most; then it is a sentence', async () => {
    const opened = await withFaults(Array.from({ length: 20 }, () => reply(502)));
    const error = await failureOf(opened.hubspot.list({ objectType: 'line_items', properties: [] }));
    expect(error).toMatchObject({
      code: 'upstream',
      message:
        'HubSpot did not answer line items after 7 attempts (status 502). Nothing is lost; the next sync tries again.',
    });
    expect(opened.fake.log).toHaveLength(7);
    expect(opened.lines).toHaveLength(7);
  });

  it('never for a refusal that would come again', async () => {
    for (const [status, code] of [
      [400, 'upstream'],
      [404, 'not_found'],
      [409, 'conflict'],
      [405, 'upstream'],
    ] as const) {
      const { hubspot } = await withFaults([
        reply(status, { body: { message: 'no', errors: 'odd', policyName: 7 } }),
      ]);
      expect(await failureOf(hubspot.pipelines('deals'))).toMatchObject({ code });
      expect(hubspot.usage().requests).toBe(1);
    }
  });
});

it('says what to check when nobody listens at the address', async () => {
  const opened = await openClient({}, { client: { apiUrl: `http://127.0.0.1:${await freePort()}` } });
  expect(await failureOf(opened.hubspot.accountInfo())).toMatchObject({
    code: 'upstream',
    message:
      'HubSpot did not answer the account after 7 attempts (the connection was refused; check the network and HUBSPOT_API_URL). Nothing is lost; the next sync tries again.',
  });
});

describe('the rate', () => {
  it('that HubSpot tells in its headers is kept from then on', async () => {
    const { hubspot, fake, elapsed } = await openClient(PORTAL, { limits: { burst: 4 } });
    for (let n = 0; n < 12; n += 1) await hubspot.pipelines('deals');
    expect(fake.log.map((entry) => entry.status)).toEqual(Array.from({ length: 12 }, () => 200));
    expect(elapsed()).toBeLessThan(21_000);
  });

  it('that drops in the middle costs a refusal and a pause, and everything is read all the same', async () => {
    const { hubspot, fake } = await openClient(PORTAL, { limits: { burst: 50 } });
    for (let n = 0; n < 40; n += 1) {
      if (n === 20) fake.limits.change({ burst: 5 });
      await hubspot.pipelines('deals');
    }
    const refused = fake.log.filter((entry) => entry.status === 429).length;
    expect([refused >= 1, refused <= 2, fake.log.length - refused]).toEqual([true, true, 40]);
  });

  it('may be refused more often than a failure may happen, and not for ever', async () => {
    const { hubspot, fake } = await openClient(PORTAL);
    fake.faults.rules = [{ fault: reply(429, { body: { policyName: 'SECONDLY' } }), times: 12 }];
    await hubspot.pipelines('deals');
    expect(fake.log.filter((entry) => entry.status === 429)).toHaveLength(12);
    fake.faults.rules = [{ fault: reply(429, { body: { policyName: 'SECONDLY' } }) }];
    await expect(hubspot.pipelines('deals')).rejects.toThrow(/after 30 attempts \(rate limit\)/);
  });

  it('of the day is read from the headers', async () => {
    const { hubspot } = await openClient(PORTAL, { limits: { daily: 1000 } });
    expect(hubspot.usage()).toMatchObject({ dailyRemaining: null, dailyLimit: null });
    await hubspot.accountInfo();
    expect(hubspot.usage()).toMatchObject({ dailyRemaining: 999, dailyLimit: 1000 });
  });
});

describe('an abort ends it at once', () => {
  const stopped = new Error('the sync was stopped');

  it.each<[string, Fault]>([
    ['in the pause before another attempt', reply(503, { headers: { 'retry-after': '200' } })],
    ['in the pause after a rate limit', { do: 'reply', reply: tooMany('TEN_SECONDLY_ROLLING', 200) }],
    ['while the server hangs', { do: 'hang' }],
    ['while the body trickles', { do: 'trickle', msPerByte: 100 }],
  ])('%s', async (_, fault) => {
    const { fake, hubspot } = await openClient(PORTAL, { auto: false });
    fake.faults.rules = [{ fault }];
    const controller = new AbortController();
    const failed = failureOf(
      hubspot.list({ objectType: 'companies', properties: [] }, { signal: controller.signal }),
    );
    await expect.poll(() => fake.log.length).toBe(1);
    controller.abort(stopped);
    expect(await failed).toBe(stopped);
  });

  it('in the queue behind requests that hang', async () => {
    const { fake, hubspot } = await openClient(PORTAL, { auto: false });
    fake.faults.rules = [{ fault: { do: 'hang' } }];
    const later = new AbortController();
    const others = Array.from({ length: 8 }, () =>
      failureOf(hubspot.pipelines('deals', { signal: later.signal })),
    );
    const controller = new AbortController();
    const failed = failureOf(hubspot.pipelines('deals', { signal: controller.signal }));
    await expect.poll(() => fake.log.length).toBe(8);
    controller.abort(stopped);
    expect(await failed).toBe(stopped);
    expect(fake.log.length).toBe(8);
    later.abort(stopped);
    await Promise.all(others);
  });

  it('while a token is being fetched', async () => {
    const { hubspot } = await openClient(PORTAL, { client: { accessToken: () => new Promise(() => {}) } });
    const controller = new AbortController();
    const failed = failureOf(hubspot.accountInfo({ signal: controller.signal }));
    controller.abort(stopped);
    expect(await failed).toBe(stopped);
  });
});

describe('the share of errors', () => {
  const warnings = (lines: readonly string[]): string[] =>
    lines.filter((line) => line.startsWith('more than 5 %'));

  it('stands in the log when more than a twentieth of the last requests failed', async () => {
    const opened = await withFaults(Array.from({ length: 11 }, () => reply(404)));
    for (let n = 0; n < 400; n += 1) await opened.hubspot.pipelines('deals').catch(() => {});
    expect(warnings(opened.lines)).toEqual([
      'more than 5 % of the requests to HubSpot failed {"requests":200,"errors":11}',
    ]);
  });

  it('stands there not while it is smaller', async () => {
    const opened = await withFaults(Array.from({ length: 10 }, () => reply(404)));
    for (let n = 0; n < 400; n += 1) await opened.hubspot.pipelines('deals').catch(() => {});
    expect(warnings(opened.lines)).toEqual([]);
  });
});

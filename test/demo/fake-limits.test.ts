import { describe, expect, it } from 'vitest';
import { tooMany } from '../../src/demo/fake/limits.ts';
import type { MemoryPortal } from '../../src/demo/fake/memory-source.ts';
import { openFake, type Answered, type Asker } from './fake-client.ts';

const COMPANIES = '/crm/objects/2026-09/companies';
const PORTAL: MemoryPortal = {
  objects: {
    companies: ['101', '102', '103', '104'].map((id) => ({ id, properties: { name: `Company ${id}` } })),
  },
};

describe('the limits', () => {
  const codes = async (
    { ask }: Asker,
    count: number,
    path = COMPANIES,
    method = 'GET',
  ): Promise<Answered[]> => {
    const answers: Answered[] = [];
    for (let n = 0; n < count; n += 1)
      answers.push(await ask(method, path, method === 'POST' ? { body: {} } : {}));
    return answers;
  };

  it('let a burst through and refuse the next until the window has moved on', async () => {
    const asker = await openFake(PORTAL, { limits: { burst: 3 } });
    const answers = await codes(asker, 4);
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 429]);
    expect(answers.map((one) => one.headers.get('x-hubspot-ratelimit-remaining'))).toEqual([
      '2',
      '1',
      '0',
      '0',
    ]);
    expect(answers[3]?.body).toMatchObject({ errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' });
    await asker.clock.advance(9999);
    expect((await codes(asker, 1))[0]?.status).toBe(429);
    await asker.clock.advance(1);
    expect((await codes(asker, 1))[0]?.status).toBe(200);
  });

  it('count searches by the second, without telling what is left', async () => {
    const asker = await openFake(PORTAL, { limits: { search: 2 } });
    const answers = await codes(asker, 3, `${COMPANIES}/search`, 'POST');
    expect(answers.map((one) => one.status)).toEqual([200, 200, 429]);
    expect(answers[2]?.body).toMatchObject({ policyName: 'SECONDLY' });
    expect(answers[0]?.headers.get('x-hubspot-ratelimit-max')).toBeNull();
    expect((await codes(asker, 1))[0]?.status).toBe(200);
    await asker.clock.advance(1000);
    expect((await codes(asker, 1, `${COMPANIES}/search`, 'POST'))[0]?.status).toBe(200);
  });

  it("end for the day and begin anew at the account's own midnight", async () => {
    const asker = await openFake(PORTAL, { limits: { daily: 2 } });
    const answers = await codes(asker, 3);
    expect(answers.map((one) => one.status)).toEqual([200, 200, 429]);
    expect(answers[1]?.headers.get('x-hubspot-ratelimit-daily-remaining')).toBe('0');
    expect(answers[2]?.body).toMatchObject({ policyName: 'DAILY' });
    await asker.clock.advance(11 * 3_600_000 - 1); // 22:59:59.999 UTC, a moment before midnight in Berlin
    expect((await codes(asker, 1))[0]?.status).toBe(429);
    await asker.clock.advance(1);
    expect((await codes(asker, 1))[0]?.status).toBe(200);
  });

  it('can be changed while the fake runs', async () => {
    const asker = await openFake(PORTAL, { limits: { burst: 1 } });
    expect((await codes(asker, 2)).map((one) => one.status)).toEqual([200, 429]);
    asker.fake.limits.change({ burst: 5 });
    expect((await codes(asker, 1))[0]?.status).toBe(200);
  });

  it.each(['DAILY', 'TEN_SECONDLY_ROLLING', 'SECONDLY'] as const)(
    '%s can be played with and without Retry-After',
    async (policy) => {
      const { ask, fake } = await openFake(PORTAL);
      fake.faults.rules = [
        { fault: { do: 'reply', reply: tooMany(policy, 7) }, times: 1 },
        { fault: { do: 'reply', reply: tooMany(policy) }, times: 1 },
      ];
      const [first, second] = [await ask('GET', COMPANIES), await ask('GET', COMPANIES)];
      expect([first.status, first.headers.get('retry-after'), second.headers.get('retry-after')]).toEqual([
        429,
        '7',
        null,
      ]);
    },
  );
});

import { expect, it, onTestFinished } from 'vitest';
import { buildMarts } from '../../../src/warehouse/build.ts';
import { keepStagedScores, stageScores } from '../../../src/warehouse/health-scores.ts';
import type { Warehouse } from '../../../src/warehouse/warehouse.ts';
import { demoInputs } from '../../support/book.ts';
import { handMadeWarehouse } from '../../support/hand-made.ts';
import { martRows, type MartRow } from '../../support/marts.ts';
import { account, day, deal, invoice, links, NOON, records, ticket } from './cases.ts';

const DAY_MS = 86_400_000;
const watched = account('Gets worse', { hf_seats: '10', hf_monthly_active_users: '10' });
deal(watched, { start: day(-300), end: day(64) });
ticket(watched, day(-200), { hs_is_closed: 'true', closed_date: `${day(-199)}T10:00:00Z` });
invoice(watched, day(-150), { hs_invoice_status: 'paid', hs_balance_due: '0', hf_paid_date: day(-151) });

function daysAgo(days: number): Date {
  return new Date(NOON.getTime() - days * DAY_MS);
}

/** What a publish at that moment does with the scores. */
async function publishAt(warehouse: Warehouse, at: Date): Promise<number> {
  await warehouse.alone((db) => buildMarts(db, demoInputs(at), ':memory:', () => stageScores(db)));
  return keepStagedScores(warehouse, at);
}

async function healthAt(warehouse: Warehouse, at: Date): Promise<MartRow | undefined> {
  const [row] = await martRows(warehouse, demoInputs(at), `from health where account_id = '${watched}'`);
  return row;
}

it('changes compare with what was said on the days before, and nothing later says those days anew', async () => {
  const { warehouse, close } = await handMadeWarehouse(records, links);
  onTestFinished(close);
  // Nobody scored anything before: there is nothing to compare with.
  expect(await healthAt(warehouse, daysAgo(31))).toMatchObject({ score: 100, change_30: null });
  expect(await publishAt(warehouse, daysAgo(31))).toBe(1);

  // Use falls to 4 of 10 seats, learnt ten days later.
  await warehouse.write(async (db) => {
    await db.run(
      `update objects set properties = json_merge_patch(properties, '{"hf_monthly_active_users": "4"}') where id = $id`,
      { id: watched },
    );
  });
  expect(await publishAt(warehouse, daysAgo(31)), 'a day is scored once').toBe(0);
  expect(await publishAt(warehouse, daysAgo(20))).toBe(1);

  // 25 of 55 weights at 50 points, 30 at 100
  const now = await healthAt(warehouse, NOON);
  expect(now).toMatchObject({ score: 77, change_30: -23, change_90: null });
  expect(await healthAt(warehouse, daysAgo(25)), 'six days after the first score').toMatchObject({
    change_30: null,
  });
  expect(await publishAt(warehouse, NOON)).toBe(1);
  const kept = await warehouse.read(async (db) =>
    (
      await db.runAndReadAll('select day::varchar as day, score from health_scores order by 1')
    ).getRowObjects(),
  );
  expect(kept).toEqual([
    { day: day(-31), score: 100 },
    { day: day(-20), score: 77 },
    { day: day(0), score: 77 },
  ]);
  // As known before the first score was kept there is none to compare with, whatever came later.
  const [before] = await martRows(
    warehouse,
    { ...demoInputs(NOON), knownAt: daysAgo(32) },
    `from health where account_id = '${watched}'`,
  );
  expect(before).toMatchObject({ change_30: null });
});

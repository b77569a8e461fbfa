import { expect, it } from 'vitest';
import { churnOf } from '../../../src/core/reports/churn.ts';
import { conventionOf, type Measure } from '../../../src/core/reports/conventions.ts';
import { contract } from '../movements/book.ts';
import { loadSteps } from './steps.ts';

it('a pause that ends without return is a loss of what rested, for conventions that count movements', async () => {
  const book = [
    contract({ account_id: 'steady' }),
    contract({ account_id: 'pauses', paused_from: '2026-02-10', service_end_date: '2026-02-20' }),
  ];
  const db = await loadSteps(book, { today: '2026-06-30' });
  const february = async (measure: Measure): Promise<unknown> =>
    (await churnOf(db, measure, conventionOf('chartmogul')[measure], ['2026-02-01']))[0];
  expect(await february('customer_churn')).toMatchObject({ numerator: 1, denominator: 2 });
  expect(await february('gross_revenue_churn')).toMatchObject({ numerator: 100, denominator: 200 });
  db.closeSync();
});

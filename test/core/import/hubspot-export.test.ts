import { expect, it } from 'vitest';
import { rowsOf } from '../../warehouse/mirror.ts';
import { fixture, importBench, reasons, type Section } from './import-bench.ts';

const ZONE = { date_format: ['yyyy-MM-dd HH:mm', 'yyyy-MM-dd'], time_zone: 'Europe/Berlin' };
const COMPANIES: Section = {
  file: 'hubspot-crm-exports-all-companies-2026-03-01.csv',
  name: 'companies',
  kind: 'accounts',
  columns: {
    account_id: 'Record ID',
    name: 'Company name',
    domain: 'Company Domain Name',
    created_date: 'Create Date',
    industry: 'Industry',
    country: 'Country/Region',
  },
  skip_when: { 'Lifecycle Stage': ['Lead'] },
  ...ZONE,
};
const DEALS: Section = {
  file: 'hubspot-crm-exports-all-deals-2026-03-01.csv',
  name: 'deals',
  kind: 'contracts',
  columns: {
    contract_id: 'Record ID',
    account_id: 'Associated Company IDs (Primary)',
    start_date: 'Contract start',
    term_months: 'Term (months)',
    value: 'Amount',
    currency: 'Currency',
    kind: 'Deal Type',
  },
  values: { kind: { 'New Business': 'new', 'Existing Business': 'renewal' } },
  skip_when: { 'Deal Stage': ['Closed Lost (Sales Pipeline)'] },
  recorded_at: 'Last Modified Date',
  ...ZONE,
};

it('reads what HubSpot writes when somebody exports companies and deals', async () => {
  const bench = await importBench();
  const result = await bench.run([COMPANIES, DEALS], fixture('hubspot'));
  expect(result.files).toMatchObject([
    { kind: 'accounts', read: 4, fresh: 3, skipped: 1, rejected: 0 },
    { kind: 'contracts', read: 4, fresh: 2, skipped: 1, rejected: 1 },
  ]);
  expect(reasons(result)).toEqual(['5: missing value']);
  const accounts = await bench.stored('accounts');
  expect(accounts.map(({ id, properties }) => [id, properties['name'], properties['created_date']])).toEqual([
    ['companies:17200000001', 'Müller & Söhne GmbH', '2026-03-01'],
    ['companies:17200000002', 'Quoted "Best" Ltd', '2025-11-15'],
    ['companies:17200000003', 'Two\nLines Inc', '2024-02-29'],
  ]);
  expect(accounts[0]?.properties).toMatchObject({
    domain: 'mueller.example',
    'raw.Lifecycle Stage': 'Customer',
    'raw.Number of Employees': '250',
  });
  expect((await bench.stored('contracts')).map(({ properties }) => properties)).toMatchObject([
    {
      account_id: '17200000001',
      contract_id: '901',
      currency: 'EUR',
      kind: 'new',
      recorded_at: '2026-02-20T15:05:00.000Z',
      start_date: '2026-03-01',
      term_months: '12',
      value: '12000',
    },
    { currency: 'GBP', kind: 'renewal', value: '24000.5' },
  ]);
  expect(
    await rowsOf(
      bench.warehouse,
      `select id, known_from from objects where object_type = 'import_contracts' order by id`,
    ),
  ).toEqual([
    { id: 'deals:901', known_from: '2026-02-20 15:05:00+00' },
    { id: 'deals:902', known_from: '2025-12-01 09:01:00+00' },
  ]);
  expect((await bench.run([COMPANIES, DEALS], fixture('hubspot'))).total).toMatchObject({
    fresh: 0,
    changed: 0,
  });
});

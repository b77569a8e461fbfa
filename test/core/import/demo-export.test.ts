import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoInputs } from '../../support/book.ts';
import { DEMO_MAPPING } from '../../support/demo-mapping.ts';
import { hubspotExport } from '../../support/hubspot-export.ts';
import { someMarts, type MartRow } from '../../support/marts.ts';
import { openBench, type SyncBench } from '../../support/sync.ts';
import { importBench, type Section } from './import-bench.ts';

const ACCOUNTS = 80;
const EXPORTED = { date_format: ['yyyy-MM-dd HH:mm', 'yyyy-MM-dd'], time_zone: 'Europe/Berlin' };
const COMPANIES: Section = {
  ...EXPORTED,
  file: 'hubspot-crm-exports-all-companies.csv',
  name: 'companies',
  kind: 'accounts',
  columns: {
    account_id: 'Record ID',
    name: 'Company name',
    domain: 'Company Domain Name',
    created_date: 'Create Date',
    account_type: 'Account type',
    plan: 'Plan',
    churn_date: 'Churn date',
  },
};
const DEALS: Section = {
  ...EXPORTED,
  file: 'hubspot-crm-exports-all-deals.csv',
  name: 'deals',
  kind: 'contracts',
  columns: {
    contract_id: 'Record ID',
    account_id: 'Associated Company IDs (Primary)',
    start_date: 'Term start',
    end_date: 'Term end',
    mrr: 'Monthly recurring revenue',
    value: 'Amount',
    currency: 'Currency',
    kind: 'Motion',
  },
  skip_when: { 'Is Closed Won': ['false'] },
};
const LINE_ITEMS: Section = {
  ...EXPORTED,
  file: 'hubspot-crm-exports-all-line-items.csv',
  name: 'line_items',
  kind: 'contracts',
  columns: {
    contract_id: 'Record ID',
    account_id: 'Company',
    start_date: 'Billing start date',
    end_date: 'Billing end date',
    mrr: 'Net price',
    currency: 'Currency',
    line: 'Product ID',
    auto_renew: 'Renews automatically',
    kind: 'Motion',
  },
  skip_when: { Won: ['false'] },
};
const FX = [
  { from: 'EUR', to: 'USD', date: '2000-01-01', rate: 1.09 },
  { from: 'GBP', to: 'USD', date: '2000-01-01', rate: 1.27 },
];
/** What the export of a source says of a contract, and no more than that. */
const CONTRACT =
  `start_date end_date service_end_date term_months value mrr currency fx_rate home_mrr kind line auto_renew is_trial`.split(
    ' ',
  );
const ACCOUNT =
  `name domain plan status first_paid_on spell_started_on tenure_days served_to contracts home_mrr currency renewal_date next_home_mrr recorded_churn_date`.split(
    ' ',
  );

let portal: SyncBench;
beforeAll(async () => {
  portal = await openBench({ accounts: ACCOUNTS });
  await portal.sync();
}, 120_000);
afterAll(() => portal.close());

/** What the sync of the portal says, with contracts from one source and what only a sync knows left out. */
function synced(source: 'deals' | 'line_items'): Promise<Record<string, MartRow[]>> {
  const { type, plan, churn_date } = DEMO_MAPPING.accounts;
  const deals = { ...DEMO_MAPPING.contracts.deals, open_ended: true };
  // A line item is won and meant as its deal is, so the deals are mapped for both; without dates none of them counts beside it.
  const contracts =
    source === 'deals'
      ? { order: [source], deals }
      : {
          order: [source],
          line_items: DEMO_MAPPING.contracts.line_items,
          deals: { ...deals, start: null },
        };
  const mapping = { version: 1, accounts: { type, plan, churn_date }, contracts, fx: FX };
  return someMarts(portal.warehouse, demoInputs(portal.clock.now(), mapping), ['contracts', 'accounts']);
}

async function imported(files: Record<string, string>, sections: Section[]) {
  const bench = await importBench();
  for (const [file, text] of Object.entries(files)) await bench.put(file, text);
  const result = await bench.run(sections);
  const mapping = { version: 1, book: { end_day: 'inclusive' }, fx: FX };
  const { today } = demoInputs(portal.clock.now());
  const inputs = { ...demoInputs(bench.clock.now(), mapping), today };
  return { result, marts: await someMarts(bench.warehouse, inputs, ['contracts', 'accounts']) };
}

// Ids of imported rows begin with their file's name.
const plain = (id: unknown): unknown => (typeof id === 'string' ? id.replace(/^.*:/, '') : id);

function contractsOf({ contracts = [] }: Record<string, MartRow[]>): unknown[] {
  return contracts
    .map((row) => ({
      id: plain(row['source_id']),
      account: plain(row['account_id']),
      replaced_by: plain(row['replaced_by']),
      ...Object.fromEntries(CONTRACT.map((column) => [column, row[column]])),
    }))
    .toSorted((a, b) => Number(a.id) - Number(b.id));
}

function accountsOf({ accounts = [] }: Record<string, MartRow[]>): unknown[] {
  return accounts
    .filter((row) => Number(row['contracts']) > 0)
    .map((row) => ({
      id: plain(row['account_id']),
      ...Object.fromEntries(ACCOUNT.map((column) => [column, row[column]])),
    }))
    .toSorted((a, b) => Number(a.id) - Number(b.id));
}

it('HubSpot’s export of companies and deals gives the accounts and contracts that a sync of the same portal gives', async () => {
  const { companies, deals } = hubspotExport(portal.source, portal.fake.state);
  const { result, marts } = await imported(
    { [String(COMPANIES['file'])]: companies, [String(DEALS['file'])]: deals },
    [COMPANIES, DEALS],
  );
  const all = [...portal.fake.state.all('companies')].length;
  const won = [...portal.fake.state.all('deals')].filter(
    (deal) => deal.properties['hs_is_closed_won'] === 'true',
  );
  expect(result.files).toMatchObject([
    { kind: 'accounts', read: all, fresh: all, rejected: 0 },
    { kind: 'contracts', fresh: won.length, rejected: 0 },
  ]);
  const expected = await synced('deals');
  expect(contractsOf(marts)).toEqual(contractsOf(expected));
  expect(accountsOf(marts)).toEqual(accountsOf(expected));
  expect(contractsOf(marts).length).toBeGreaterThan(60);
});

it('its export of line items gives the same, with company and motion looked up by the id of the deal', async () => {
  const { companies, deals, lineItems } = hubspotExport(portal.source, portal.fake.state);
  const { result, marts } = await imported(
    { [String(COMPANIES['file'])]: companies, [String(LINE_ITEMS['file'])]: lookUp(lineItems, deals) },
    [COMPANIES, LINE_ITEMS],
  );
  expect(result.total).toMatchObject({ rejected: 0, merged: 0 });
  const expected = await synced('line_items');
  expect(contractsOf(marts)).toEqual(contractsOf(expected));
  expect(accountsOf(marts)).toEqual(accountsOf(expected));
  expect(contractsOf(marts).length).toBeGreaterThan(100);
});

/** The columns that a person adds in a spreadsheet: HubSpot associates a line item with its deal alone. */
function lookUp(lineItems: string, deals: string): string {
  const rows = (text: string): Record<string, string>[] => parse(text, { columns: true, bom: true });
  const byId = new Map(rows(deals).map((deal) => [deal['Record ID'], deal]));
  const joined = rows(lineItems).map((item) => {
    const deal = byId.get(item['Associated Deal IDs']);
    return {
      ...item,
      Company: deal?.['Associated Company IDs (Primary)'] ?? '',
      Motion: deal?.['Motion'] ?? '',
      Won: deal?.['Is Closed Won'] ?? 'false',
    };
  });
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  const header = Object.keys(joined[0] ?? {});
  return [header, ...joined.map((row) => Object.values(row))]
    .map((row) => row.map(quoted).join(','))
    .join('\n');
}

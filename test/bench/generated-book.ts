import type { DuckDBConnection } from '@duckdb/node-api';

const YEARS = 5;

/** Companies with five years of yearly contracts (a deal and a line item each), made in DuckDB. */
export async function makeBook(db: DuckDBConnection, accounts: number): Promise<void> {
  const object = (type: string, id: string, properties: string, from: string): string => `
    insert into objects by name
    select '${type}' as object_type, (${id})::varchar as id, timestamptz '2026-02-01' as known_from,
      timestamptz '2021-01-01' as created_at, timestamptz '2026-01-01' as updated_at, false as archived, null::timestamptz as archived_at,
      ${properties} as properties, md5((${id})::varchar) as content_hash
    from ${from}`;
  const companies = `range(${accounts}) a(n)`;
  const terms = `range(${accounts}) a(n), range(${YEARS}) y(k)`;
  const start = `(date '2021-03-01' + (n % 365)::integer + to_years(k))::date`;
  await db.run(
    object(
      'companies',
      '1000000000 + n',
      `json_object('name', 'Company ' || n, 'domain', 'c' || n || '.example', 'lifecyclestage', 'customer', 'hf_notice_days', '60', 'hf_contract_value', '12000', 'hf_plan', 'Growth')`,
      companies,
    ),
  );
  await db.run(
    object(
      'deals',
      `2000000000 + n * ${YEARS} + k`,
      `json_object('dealname', 'Deal', 'hs_is_closed_won', 'true', 'hf_motion', if(k = 0, 'new', 'renewal'), 'deal_currency_code', 'USD', 'amount', '12000', 'hf_term_start', ${start}::varchar)`,
      terms,
    ),
  );
  await db.run(
    object(
      'line_items',
      `3000000000 + n * ${YEARS} + k`,
      `json_object('amount', (1000 + 50 * k)::varchar, 'recurringbillingfrequency', 'monthly', 'hs_recurring_billing_start_date', ${start}::varchar, 'hs_recurring_billing_end_date', ((${start} + to_years(1))::date - 1)::varchar, 'hs_line_item_currency_code', 'USD', 'hs_product_id', '9001')`,
      terms,
    ),
  );
  const link = (fromType: string, fromId: string, toType: string, toId: string, typeId: number): string => `
    insert into associations by name
    select '${fromType}' as from_type, (${fromId})::varchar as from_id, '${toType}' as to_type, (${toId})::varchar as to_id,
      'HUBSPOT_DEFINED' as category, ${typeId} as type_id, null::varchar as label, timestamptz '2026-02-01' as known_from
    from ${terms}`;
  await db.run(link('deals', `2000000000 + n * ${YEARS} + k`, 'companies', '1000000000 + n', 5));
  await db.run(
    link('line_items', `3000000000 + n * ${YEARS} + k`, 'deals', `2000000000 + n * ${YEARS} + k`, 20),
  );
}

/** What makes cards of ordinary length: people, answers, tickets, mails and meetings of each company. */
export async function makeActivity(db: DuckDBConnection, accounts: number): Promise<void> {
  const record = (type: string, each: number, first: number, properties: string): string => `
    insert into objects by name
    select '${type}' as object_type, (${first} + n * ${each} + k)::varchar as id, timestamptz '2026-02-01' as known_from,
      timestamptz '2025-01-01' as created_at, timestamptz '2026-01-01' as updated_at, false as archived, null::timestamptz as archived_at,
      ${properties} as properties, 'hash' as content_hash
    from range(${accounts}) a(n), range(${each}) y(k)`;
  const link = (type: string, each: number, first: number, typeId: number): string => `
    insert into associations by name
    select '${type}' as from_type, (${first} + n * ${each} + k)::varchar as from_id, 'companies' as to_type, (1000000000 + n)::varchar as to_id,
      'HUBSPOT_DEFINED' as category, ${typeId} as type_id, null::varchar as label, timestamptz '2026-02-01' as known_from
    from range(${accounts}) a(n), range(${each}) y(k)`;
  const on = `strftime(date '2025-06-01' + ((n * 7 + k * 61) % 270)::integer, '%Y-%m-%dT09:00:00Z')`;
  const kinds = [
    [
      'contacts',
      3,
      4_000_000_000,
      1,
      `json_object('firstname', 'Person', 'lastname', 'Number ' || k, 'jobtitle', 'Head of Operations', 'hs_buying_role', 'END_USER')`,
    ],
    [
      'tickets',
      2,
      5_000_000_000,
      26,
      `json_object('createdate', ${on}, 'hs_is_closed', if(k = 0, 'true', 'false'), 'closed_date', if(k = 0, ${on}, null), 'hs_ticket_priority', 'LOW')`,
    ],
    [
      'meetings',
      2,
      6_000_000_000,
      188,
      `json_object('hs_timestamp', ${on}, 'hs_meeting_start_time', ${on}, 'hs_meeting_outcome', 'COMPLETED')`,
    ],
    [
      'feedback_submissions',
      4,
      7_000_000_000,
      999,
      `json_object('hs_survey_type', 'NPS', 'hs_value', ((n + k) % 11)::varchar, 'hs_submission_timestamp', ${on}, 'hs_contact_id', (4000000000 + n * 3 + k % 3)::varchar)`,
    ],
  ] as const;
  for (const [type, each, first, typeId, properties] of kinds) {
    await db.run(record(type, each, first, properties));
    await db.run(link(type, each, first, typeId));
  }
}

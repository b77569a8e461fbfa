import { readFileSync } from 'node:fs';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { parseMapping } from '../../../src/core/accounts/mapping.ts';
import { createMart, marts, prepareStaging, setInputs, type Mart } from '../../../src/warehouse/build.ts';

const TABLES = new URL('../../../analytics/tables/', import.meta.url);
const KNOWN_FROM = '2026-01-01T00:00:00Z';

export interface RawRecord {
  type: string;
  id: string;
  properties: Record<string, string>;
  /** a closed version: known until then */
  knownTo?: string;
}
export interface RawLink {
  from: readonly [type: string, id: string];
  to: readonly [type: string, id: string];
  typeId: number;
  knownTo?: string;
}
/** Records as HubSpot or an import holds them, with the links between them. */
export interface Raw {
  records: RawRecord[];
  links: RawLink[];
}
export type Row = Record<string, unknown>;
export interface RawOptions {
  today?: string;
  book?: Record<string, unknown>;
  mapping?: { contracts?: Record<string, unknown>; fx?: unknown };
  homeCurrency?: string;
}

const FIELDS = {
  start: 'start',
  end: 'end',
  end_is: 'day_after',
  service_end: 'service_end',
  auto_renew: 'auto_renew',
  notice_date: 'notice_date',
  notice_days: 'notice_days',
  mrr: 'mrr',
  arr: 'arr',
  amount: 'amount',
  term_months: 'term',
  currency: 'currency',
  rate: 'rate',
  line: 'line',
  kind: 'kind',
  trial: 'trial',
  paused_from: 'paused_from',
  paused_to: 'paused_to',
  churn_date: 'churn_date',
  churn_kind: 'churn_kind',
  churn_reason: 'churn_reason',
};
const RECURRING = { ...FIELDS, frequency: 'frequency', open_ended: true };
const ACCOUNTS = {
  type: 'account_type',
  flag: 'stage',
  flag_values: ['customer'],
  churn_date: 'churn_date',
  churn_kind: 'churn_kind',
  churn_reason: 'churn_reason',
  notice_days: 'notice_days',
  paused_from: 'paused_from',
  paused_to: 'paused_to',
};
const CONTRACTS = {
  subscriptions: RECURRING,
  line_items: RECURRING,
  deals: { ...FIELDS, won: 'won' },
  companies: { ...FIELDS, start: 'contract_start' },
};

/** A mirror in memory whose marts are built anew for each book of records. */
export interface RawBook {
  /** what a statement over the marts says of these records; days and decimals as text */
  rows: (raw: Raw, sql: string, options?: RawOptions) => Promise<Row[]>;
  /** the same of several statements over one build */
  all: (raw: Raw, statements: readonly string[], options?: RawOptions) => Promise<Row[][]>;
  close: () => void;
}

export async function openRawBook(): Promise<RawBook> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const db = await instance.connect();
  await db.run(`set TimeZone = 'UTC'`);
  await db.run(`attach ':memory:' as mirror`);
  await db.run(`attach ':memory:' as snapshot`);
  await db.run('use mirror');
  for (const file of ['0001_mirror.sql', '0002_health_scores.sql', '0004_completeness.sql'])
    await db.run(readFileSync(new URL(file, TABLES), 'utf8'));
  await setVariables(db, {});
  await prepareStaging(db);
  const all: RawBook['all'] = async (raw, statements, options = {}) => {
    await fill(db, raw);
    await setVariables(db, options);
    await db.run(`set search_path = 'snapshot,mirror'`);
    for (const mart of neededFor(statements.join('\n')))
      await createMart(
        db,
        mart,
        `or replace ${mart.isInternal ? 'temp ' : ''}table ${mart.isInternal ? '' : 'snapshot.'}${mart.name}`,
      );
    const answers: Row[][] = [];
    for (const sql of statements) answers.push((await db.runAndReadAll(sql)).getRowObjectsJson());
    await db.run('use mirror');
    return answers;
  };
  return {
    all,
    rows: async (raw, sql, options) => (await all(raw, [sql], options))[0] ?? [],
    close: () => {
      db.closeSync();
      instance.closeSync();
    },
  };
}

/** The marts that a statement reads, with those that they are made of. */
function neededFor(sql: string): Mart[] {
  const all = marts();
  const wanted = new Set<string>();
  const take = (text: string): void => {
    for (const { name, select } of all) {
      if (wanted.has(name) || !new RegExp(`\\b${name}\\b`).test(text)) continue;
      wanted.add(name);
      take(select.replaceAll(/^\s*--.*$/gm, ''));
    }
  };
  take(sql);
  return all.filter(({ name }) => wanted.has(name));
}

async function setVariables(db: DuckDBConnection, options: RawOptions): Promise<void> {
  const mapping = parseMapping({
    version: 1,
    accounts: ACCOUNTS,
    contracts: { ...CONTRACTS, ...options.mapping?.contracts },
    fx: options.mapping?.fx ?? [],
    book: options.book ?? {},
  });
  await setInputs(db, {
    mapping: JSON.stringify(mapping),
    book: JSON.stringify(mapping.book),
    timeZone: 'Europe/Berlin',
    homeCurrency: options.homeCurrency ?? 'EUR',
    appId: null,
    today: mapping.book.as_of ?? options.today ?? '2026-03-01',
    knownAt: new Date('2026-03-01T12:00:00Z'),
  });
  await db.run(`set variable app_id = '4711'`);
}

async function fill(db: DuckDBConnection, { records, links }: Raw): Promise<void> {
  for (const table of ['objects', 'object_versions', 'associations', 'association_versions'])
    await db.run(`delete from mirror.${table}`);
  const objects = records.map(({ type, id, properties, knownTo }) => ({
    object_type: type,
    id,
    properties: JSON.stringify(properties),
    known_to: knownTo ?? null,
  }));
  const shape = '[{"object_type":"VARCHAR","id":"VARCHAR","properties":"VARCHAR","known_to":"TIMESTAMPTZ"}]';
  await db.run(
    `create or replace temp table told as select unnest(from_json($rows, '${shape}'), recursive := true)`,
    { rows: JSON.stringify(objects) },
  );
  const known = `timestamptz '${KNOWN_FROM}' as known_from`;
  const object = `object_type, id, ${known}, timestamptz '2025-01-01' as created_at, timestamptz '2025-01-01' as updated_at,
    false as archived, null::timestamptz as archived_at, properties::json as properties, md5(properties) as content_hash`;
  await db.run(`insert into mirror.objects by name select ${object} from told where known_to is null`);
  await db.run(
    `insert into mirror.object_versions by name select ${object}, known_to from told where known_to is not null`,
  );
  const ties = links.map(({ from, to, typeId, knownTo }) => ({
    from_type: from[0],
    from_id: from[1],
    to_type: to[0],
    to_id: to[1],
    type_id: typeId,
    known_to: knownTo ?? null,
  }));
  const tieShape =
    '[{"from_type":"VARCHAR","from_id":"VARCHAR","to_type":"VARCHAR","to_id":"VARCHAR","type_id":"INTEGER","known_to":"TIMESTAMPTZ"}]';
  await db.run(
    `create or replace temp table tied as select unnest(from_json($rows, '${tieShape}'), recursive := true)`,
    { rows: JSON.stringify(ties) },
  );
  const tie = `from_type, from_id, to_type, to_id, 'HUBSPOT_DEFINED' as category, type_id, null::varchar as label, ${known}`;
  await db.run(`insert into mirror.associations by name select ${tie} from tied where known_to is null`);
  await db.run(
    `insert into mirror.association_versions by name select ${tie}, known_to from tied where known_to is not null`,
  );
}

/** Books are put together of these. */
export function together(...parts: readonly Raw[]): Raw {
  return { records: parts.flatMap(({ records }) => records), links: parts.flatMap(({ links }) => links) };
}

export function company(id: string, properties: Record<string, string> = {}): Raw {
  return {
    records: [{ type: 'companies', id, properties: { name: `Company ${id}`, ...properties } }],
    links: [],
  };
}

/** A won deal of a company. */
export function deal(id: string, companyId: string, properties: Record<string, string>): Raw {
  return {
    records: [{ type: 'deals', id, properties: { won: 'true', currency: 'EUR', ...properties } }],
    links: [{ from: ['deals', id], to: ['companies', companyId], typeId: 5 }],
  };
}

export function subscription(id: string, companyId: string, properties: Record<string, string>): Raw {
  return {
    records: [{ type: 'subscriptions', id, properties: { currency: 'EUR', ...properties } }],
    links: [{ from: ['subscriptions', id], to: ['companies', companyId], typeId: 297 }],
  };
}

export function lineItem(id: string, dealId: string, properties: Record<string, string>): Raw {
  return {
    records: [{ type: 'line_items', id, properties: { currency: 'EUR', ...properties } }],
    links: [{ from: ['line_items', id], to: ['deals', dealId], typeId: 20 }],
  };
}

/** A row of an imported file. */
export function imported(kind: string, id: string, properties: Record<string, string>): Raw {
  return { records: [{ type: `import_${kind}`, id: `${kind}.csv:${id}`, properties }], links: [] };
}

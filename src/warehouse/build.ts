import { readdirSync, readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';

const STAGING = new URL('../../analytics/staging/', import.meta.url);
const MARTS = new URL('../../analytics/marts/', import.meta.url);
const TARGET = 'snapshot';

/** What the marts are computed with, besides the records. */
export interface BuildInputs {
  /** the mapping and its book of rules, each as JSON */
  mapping: string;
  book: string;
  /** IANA name; days are of this zone */
  timeZone: string;
  /** the currency of sums */
  homeCurrency: string;
  /** today in that zone, as 2026-01-31 */
  today: string;
  /** only what was known at this moment is read */
  knownAt: Date;
  /** the number of our app in HubSpot: what it wrote is ours; null where it is not known */
  appId: string | null;
  /** what is published is replaced within seconds: marts that say so are left empty */
  isPassing?: boolean;
}

/** Rules that stand over the book's, as JSON, and when the select is worth running under them, as SQL; null: always. */
export interface Under {
  rules: string;
  when: string | null;
}

export interface Mart {
  name: string;
  select: string;
  /** a step on the way, named with an underscore; not published */
  isInternal: boolean;
  comment: string;
  columns: Record<string, string>;
  /** the column that readers look single rows up by; its values are unique */
  index: string | null;
  /** rules, each as JSON, that stand over the book's: the select is run once under each; empty where the book's are all there is */
  under: readonly Under[];
  /** left empty where what is published is replaced within seconds */
  isLasting: boolean;
}

/** The published tables in the order in which they build on each other; a file each, whose header says what it counts and what its columns are. */
export function marts(): Mart[] {
  const order = z.array(z.string()).parse(JSON.parse(readFileSync(new URL('order.json', MARTS), 'utf8')));
  return order.map((name) => {
    const sql = readFileSync(new URL(`${name}.sql`, MARTS), 'utf8');
    const header = [...sql.matchAll(/^-- ?(.*)$/gm)].map((match) => match[1] ?? '');
    const columns = header.flatMap((line) => {
      const match = /^@(\w+) (.+)$/.exec(line);
      return match?.[1] === undefined || match[2] === undefined ? [] : [[match[1], match[2]] as const];
    });
    return {
      name,
      isInternal: name.startsWith('_'),
      select: sql.replace(/;\s*$/, ''),
      comment: header.filter((line) => !/^(@|index |under |lasting$)/.test(line)).join('\n'),
      index: header.find((line) => line.startsWith('index '))?.slice('index '.length) ?? null,
      under: header.flatMap(underOf),
      isLasting: header.includes('lasting'),
      columns: Object.fromEntries(columns),
    };
  });
}

/** Builds every mart into a new file, or into memory where no file is given; `use` then reads them as tables of that connection. */
export async function buildMarts(
  db: DuckDBConnection,
  inputs: BuildInputs,
  file: string,
  use: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await db.run(`attach ${quoted(file)} as ${TARGET}`);
  try {
    await setInputs(db, inputs);
    await prepareStaging(db);
    // A mart reads the marts before it by their plain names.
    await db.run(`set search_path = '${TARGET},mirror'`);
    // In one transaction: each by itself would wait for the disk, and nobody reads the file before it is whole.
    await db.run('begin');
    for (const mart of marts())
      await buildMart(db, inputs.isPassing === true && mart.isLasting ? emptied(mart) : mart);
    await use();
    await db.run('commit');
    await db.run(`checkpoint ${TARGET}`);
  } catch (error) {
    await db.run('rollback').catch(() => {}); // nothing to roll back where the file could not be attached
    throw error;
  } finally {
    await db.run('use mirror');
    for (const mart of marts()) if (mart.isInternal) await db.run(`drop table if exists temp.${mart.name}`);
    await db.run(`detach ${TARGET}`);
  }
}

/** Makes the variables that staging and marts read. */
export async function setInputs(db: DuckDBConnection, inputs: BuildInputs): Promise<void> {
  await db.run('set variable mapping = $value::json', { value: inputs.mapping });
  await db.run('set variable book = $value::json', { value: inputs.book });
  await db.run('set variable time_zone = $value', { value: inputs.timeZone });
  await db.run('set variable home_currency = $value', { value: inputs.homeCurrency });
  await db.run('set variable today = $value::date', { value: inputs.today });
  await db.run('set variable known_at = $value::timestamptz', { value: inputs.knownAt.toISOString() });
  await db.run('set variable app_id = $value::varchar', { value: inputs.appId });
}

const prepared = new WeakSet<DuckDBConnection>();

/** Makes the staging macros of this connection, once: they read variables and are the same for every build. */
export async function prepareStaging(db: DuckDBConnection): Promise<void> {
  if (prepared.has(db)) return;
  const files = readdirSync(STAGING)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  for (const name of files) await db.run(readFileSync(new URL(name, STAGING), 'utf8'));
  prepared.add(db);
}

function emptied(mart: Mart): Mart {
  return { ...mart, select: `select * from (${mart.select}) limit 0`, under: mart.under.slice(0, 1) };
}

/** Creates what `table` names ("table x", "or replace temp table x") from the mart's select, run once under each of its rules. */
export async function createMart(db: DuckDBConnection, mart: Mart, table: string): Promise<void> {
  const [first, ...rest] = mart.under;
  await db.run('set variable rules = $rules::json', { rules: first?.rules ?? null });
  await db.run(`create ${table} as ${mart.select}`);
  for (const { rules, when } of rest) {
    if (when !== null && !(await isTrue(db, when))) continue;
    await db.run('set variable rules = $rules::json', { rules });
    await db.run(`insert into ${table.replace(/^.*table /, '')} ${mart.select}`);
  }
  await db.run('set variable rules = null::json');
}

async function isTrue(db: DuckDBConnection, condition: string): Promise<boolean> {
  return (await db.runAndReadAll(`select ${condition}`)).value(0, 0) === true;
}

function underOf(line: string): Under[] {
  const match = /^under (\{.*\})(?: if (.*))?$/.exec(line);
  return match?.[1] === undefined ? [] : [{ rules: match[1], when: match[2] ?? null }];
}

async function buildMart(db: DuckDBConnection, mart: Mart): Promise<void> {
  if (mart.isInternal) {
    await createMart(db, mart, `or replace temp table ${mart.name}`);
    return;
  }
  const table = `${TARGET}.${mart.name}`;
  await createMart(db, mart, `table ${table}`);
  await db.run(`comment on table ${table} is ${quoted(mart.comment)}`);
  for (const [column, comment] of Object.entries(mart.columns)) {
    await db.run(`comment on column ${table}.${column} is ${quoted(comment)}`);
  }
  // A published file never changes, so what is said against indexes does not hold of it.
  if (mart.index !== null)
    await db.run(`create unique index ${mart.name}_${mart.index} on ${table}(${mart.index})`);
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

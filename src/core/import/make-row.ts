import { createDateReader } from './date-format.ts';
import { formatsOf, type FileMapping } from './file-mapping.ts';
import { KIND_FIELDS } from './kinds.ts';
import {
  quote,
  readerOf,
  type RejectReason,
  type Refusal,
  type ValueReader,
  type ValueRules,
} from './values.ts';

/** What becomes of a row before it is compared with others. */
export type RowOutcome = LoadableRow | { state: 'skipped'; rule: string } | RejectedRow;

export interface LoadableRow {
  state: 'loadable';
  id: string;
  /** the stored properties as JSON, names in order, so that equal content is equal text */
  properties: string;
  /** an ISO moment, where the mapping names a column of it */
  recordedAt: string | null;
  account: string | null;
  contract: string | null;
}

export interface RejectedRow extends Refusal {
  state: 'rejected';
  id: string | null;
  field: string | null;
}

export type RowMaker = (fields: readonly string[], rowNumber: number) => RowOutcome;

/** A property that is written into every row that has a value for it. */
interface Property {
  name: string;
  quoted: string;
  column: number;
  constant: string | null;
  translations: ReadonlyMap<string, string>;
  read: ValueReader;
  isNeeded: boolean;
  /** whether it names what the row belongs to */
  isReference: boolean;
}

type Index = (column: string) => number;
const NOT_TRANSLATED: ReadonlyMap<string, string> = new Map();

/**
 * Makes rows of a file by its section of the mapping. Every column that the section names must be in the header. Throws a Refusal's
 * sentence through `onBadConstant` for a constant that its field cannot have.
 */
export function createRowMaker(
  mapping: FileMapping,
  header: readonly string[],
  options: { timeZone: string; onBadConstant: (sentence: string) => never },
): RowMaker {
  const index: Index = (column) => header.indexOf(column);
  const rules = rulesOf(mapping, options.timeZone);
  const properties = propertiesOf(mapping, header, index, rules, options.onBadConstant);
  const skips = skipsOf(mapping, index);
  const idOf = idReader(mapping, index, properties);
  const recordedAt = mapping.recorded_at === undefined ? -1 : index(mapping.recorded_at);
  return (fields, rowNumber) => {
    if (fields.every((field) => field === '')) return { state: 'skipped', rule: 'blank line' };
    if (fields.length !== header.length) return wrongColumns(fields.length, header.length);
    if (fields.some((field) => field.includes('\ufffd') || !field.isWellFormed()))
      return unreadable(mapping.encoding);
    const skipped = skips.find(({ column, values }) => values.has((fields[column] ?? '').trim()));
    if (skipped !== undefined) return { state: 'skipped', rule: skipped.rule };
    return readProperties(fields, { properties, id: idOf(fields, rowNumber), mapping, rules, recordedAt });
  };
}

function readProperties(
  fields: readonly string[],
  row: {
    properties: readonly Property[];
    id: string | null;
    mapping: FileMapping;
    rules: ValueRules;
    recordedAt: number;
  },
): RowOutcome {
  const values = new Map<string, string>();
  let json = '';
  for (const property of row.properties) {
    const value = valueOf(property, fields, row.id);
    if (typeof value !== 'string') return { state: 'rejected', id: row.id, field: property.name, ...value };
    if (value === '') {
      if (property.isNeeded) return missing(row.mapping, row.id, property.name);
      continue;
    }
    json += `${json === '' ? '' : ','}${property.quoted}:${JSON.stringify(value)}`;
    if (property.isReference) values.set(property.name, value);
  }
  const { id } = row;
  if (id === null) return rejected(null, null, 'missing_id', 'the row has no id');
  const account = values.get('account_id') ?? null;
  const contract = values.get('contract_id') ?? null;
  if (row.mapping.kind === 'usage' && account === null && contract === null)
    return missing(row.mapping, id, 'account_id or contract_id');
  const recordedAt = recordedAtOf(fields, row);
  if (recordedAt !== null && typeof recordedAt !== 'string')
    return { state: 'rejected', id, field: 'recorded_at', ...recordedAt };
  return { state: 'loadable', id, properties: `{${json}}`, recordedAt, account, contract };
}

function recordedAtOf(
  fields: readonly string[],
  { recordedAt, rules }: { recordedAt: number; rules: ValueRules },
): string | null | Refusal {
  const text = (fields[recordedAt] ?? '').trim();
  if (text === '') return null;
  return (
    rules.dates.instant(text) ?? { reason: 'bad_date', detail: `${quote(text)} is no moment of recording` }
  );
}

function valueOf(property: Property, fields: readonly string[], id: string | null): string | Refusal {
  if (property.constant !== null) return property.constant;
  if (property.column === ID_COLUMN) return id ?? '';
  const text = (fields[property.column] ?? '').trim();
  const translated = property.translations.get(text) ?? text;
  return translated === '' ? '' : property.read(translated);
}

// Stands in the place of a column for the field that is filled from the row's id.
const ID_COLUMN = -1;

function propertiesOf(
  mapping: FileMapping,
  header: readonly string[],
  index: Index,
  rules: ValueRules,
  onBadConstant: (sentence: string) => never,
): Property[] {
  const { fields, needed, id } = KIND_FIELDS[mapping.kind];
  const make = (name: string, column: number, read: ValueReader, constant: string | null): Property => ({
    name,
    quoted: JSON.stringify(name),
    column,
    constant,
    translations: new Map(Object.entries(mapping.values[name] ?? {})),
    read,
    isNeeded: needed.includes(name),
    isReference: name === 'account_id' || name === 'contract_id',
  });
  const canonical = Object.entries(fields).flatMap(([name, type]) => {
    const constant = mapping.constants[name];
    if (constant !== undefined) {
      const read = readerOf(type, { ...rules, ...PLAIN, dates: createDateReader(['iso'], 'UTC') });
      const value = read(String(constant));
      if (typeof value !== 'string')
        return onBadConstant(`the constant ${name} of ${mapping.file} cannot be used: ${value.detail}`);
      return [make(name, 0, read, value)];
    }
    const column = mapping.columns[name];
    if (column !== undefined) return [make(name, index(column), readerOf(type, rules), null)];
    const isFromId = name === id[0] && id.length === 1 && mapping.id !== undefined && mapping.id !== 'row';
    return isFromId ? [make(name, ID_COLUMN, (text) => text, null)] : [];
  });
  if (mapping.recorded_at !== undefined && mapping.columns['recorded_at'] === undefined)
    canonical.push(make('recorded_at', index(mapping.recorded_at), readerOf('moment', rules), null));
  const all = [...canonical, ...otherProperties(mapping, header)];
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function otherProperties(mapping: FileMapping, header: readonly string[]): Property[] {
  if (mapping.other_columns === 'leave') return [];
  const used = new Set([...Object.values(mapping.columns), mapping.recorded_at]);
  return header.flatMap((column, position) => {
    if (column === '' || used.has(column)) return [];
    const before = header.slice(0, position).filter((other) => other === column).length;
    const name = `raw.${column}${before === 0 ? '' : ` (${before + 1})`}`;
    return [
      {
        name,
        quoted: JSON.stringify(name),
        column: position,
        constant: null,
        translations: NOT_TRANSLATED,
        read: (text: string) => text,
        isNeeded: false,
        isReference: false,
      },
    ];
  });
}

const PLAIN = {
  dateFormats: ['iso'],
  decimal: '.',
  thousands: null,
  trueValues: ['true'],
  falseValues: ['false'],
} as const;

function rulesOf(mapping: FileMapping, timeZone: string): ValueRules {
  const dateFormats = formatsOf(mapping);
  return {
    dates: createDateReader(dateFormats, mapping.time_zone ?? timeZone),
    dateFormats,
    decimal: mapping.decimal,
    thousands: mapping.thousands ?? null,
    trueValues: mapping.true_values,
    falseValues: mapping.false_values,
  };
}

function skipsOf(
  mapping: FileMapping,
  index: Index,
): { column: number; values: ReadonlySet<string>; rule: string }[] {
  return Object.entries(mapping.skip_when).map(([column, values]) => ({
    column: index(column),
    values: new Set(values.map((value) => value.trim())),
    rule: `${column} is ${values.map((value) => (value.trim() === '' ? 'empty' : quote(value))).join(' or ')}`,
  }));
}

// Null where a part of the id is missing or cannot be read.
function idReader(
  mapping: FileMapping,
  index: Index,
  properties: readonly Property[],
): (fields: readonly string[], row: number) => string | null {
  if (mapping.id === 'row') return (_fields, row) => String(row);
  if (mapping.id !== undefined) {
    const columns = (typeof mapping.id === 'string' ? [mapping.id] : mapping.id).map(index);
    return (fields) => joinId(columns.map((column) => (fields[column] ?? '').trim()));
  }
  const parts = KIND_FIELDS[mapping.kind].id.flatMap((field) =>
    properties.filter((property) => property.name === field),
  );
  return (fields) => {
    const values = parts.map((property) => valueOf(property, fields, null));
    return joinId(values.map((value) => (typeof value === 'string' ? value : '')));
  };
}

// The sign between the parts is escaped inside them: "a|b" and "c" must not meet "a" and "b|c".
function joinId(parts: readonly string[]): string | null {
  if (parts.includes('')) return null;
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return parts.map((part) => part.replaceAll(/[\\|]/g, '\\$&')).join('|');
}

function rejected(
  id: string | null,
  field: string | null,
  reason: RejectReason,
  detail: string,
): RejectedRow {
  return { state: 'rejected', id, field, reason, detail };
}

function missing(mapping: FileMapping, id: string | null, field: string): RejectedRow {
  const isId = id === null && KIND_FIELDS[mapping.kind].id.includes(field);
  return rejected(id, field, isId ? 'missing_id' : 'missing_value', `the row has no ${field}`);
}

function wrongColumns(found: number, expected: number): RejectedRow {
  return rejected(null, null, 'wrong_columns', `the row has ${found} columns and the header ${expected}`);
}

function unreadable(encoding: string): RejectedRow {
  return rejected(
    null,
    null,
    'unreadable_text',
    `the row holds a byte that is not ${encoding}; name the file's encoding in the mapping`,
  );
}

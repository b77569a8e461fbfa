import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import sqlParser from 'node-sql-parser/build/postgresql.js';
import { z } from 'zod';
import { checkTokens, refusal, unknownPiece } from './segment-tokens.ts';

const BEFORE = 'select 1 from accounts where ';
const MOST_WILDCARDS = 4;

/** A documented column of the table `accounts` that a segment may name. */
export interface SegmentColumn {
  name: string;
  type: keyof typeof SQL_TYPES;
  description: string;
}

/** A condition over `accounts`, safe to put after `where`: only listed columns, and every literal a parameter. */
export interface Segment {
  sql: string;
  /** by name, without the $; names begin with `segment_` */
  params: Record<string, DuckDBValue>;
  /** the same condition for people to read, which means the same when it is given again */
  text: string;
}

const SQL_TYPES = { text: 'varchar', number: 'double', day: 'date', 'yes or no': 'boolean' } as const;
const EXAMPLES = { text: "'text'", number: '100', day: "'2026-01-31'", 'yes or no': 'true' } as const;

const Column = z.object({
  name: z.string(),
  type: z.enum(['text', 'number', 'day', 'yes or no']),
  description: z.string(),
});

/** What segments may name: the columns of the published `accounts` that have a description, in the table's order. */
export async function segmentColumns(db: DuckDBConnection): Promise<SegmentColumn[]> {
  const reader = await db.runAndReadAll(`
    select
      column_name as name,
      case
        when data_type = 'VARCHAR' then 'text'
        when data_type = 'DATE' then 'day'
        when data_type = 'BOOLEAN' then 'yes or no'
        when data_type in ('INTEGER', 'BIGINT', 'DOUBLE') or data_type like 'DECIMAL%' then 'number'
      end as type,
      comment as description
    from duckdb_columns()
    where table_name = 'accounts' and database_name = current_database() and comment is not null and type is not null
    order by column_index`);
  return reader.getRowObjectsJS().map((row) => Column.parse(row));
}

/**
 * A condition that somebody wrote, checked piece by piece and written anew from what was understood: nothing of the text itself is run. As in SQL, a
 * comparison with an empty field is neither true nor false, and an account is in the segment only where the whole is true.
 * Throws AppError `invalid` with the piece that is not allowed, and what is.
 */
export function guardSegment(text: string, columns: readonly SegmentColumn[]): Segment {
  checkTokens(text, new Set(columns.map(({ name }) => name)));
  const printer = new Printer(columns);
  const { sql, text: display } = printer.condition(parse(text));
  return { sql, params: printer.params, text: display };
}

const Statement = z.object({ where: z.unknown() });

function parse(text: string): unknown {
  try {
    const parsed: unknown = new sqlParser.Parser().astify(`${BEFORE}${text}`);
    const [statement, ...more] = Array.isArray(parsed) ? z.array(z.unknown()).parse(parsed) : [parsed];
    if (more.length > 0) throw unknownPiece(';');
    return Statement.parse(statement).where;
  } catch (error) {
    const at = z.object({ location: z.object({ start: z.object({ offset: z.number() }) }) }).safeParse(error);
    if (!at.success) throw error;
    const rest = text.slice(Math.max(at.data.location.start.offset - BEFORE.length, 0)).trim();
    throw refusal(
      rest === ''
        ? 'The condition ends too early'
        : `The condition cannot be read from ${JSON.stringify(rest.slice(0, 30))} on`,
    );
  }
}

const COMPARISONS = new Set(['=', '<>', '<', '<=', '>', '>=']);

const Binary = z.object({
  type: z.literal('binary_expr'),
  operator: z.string(),
  left: z.unknown(),
  right: z.unknown(),
});
const Not = z.object({ type: z.literal('unary_expr'), operator: z.literal('NOT'), expr: z.unknown() });
/** How the parser reads `not (...)`. */
const NotOf = z.object({
  type: z.literal('function'),
  name: z.object({ name: z.tuple([z.object({ value: z.string().regex(/^not$/i) })]) }),
  args: z.object({ value: z.tuple([z.unknown()]) }),
});
const ColumnRef = z.object({
  type: z.literal('column_ref'),
  table: z.null(),
  column: z.object({ expr: z.object({ type: z.literal('default'), value: z.string() }) }),
});
const Literal = z.discriminatedUnion('type', [
  z.object({ type: z.literal('single_quote_string'), value: z.string() }),
  z.object({ type: z.literal('number'), value: z.coerce.number() }),
  z.object({ type: z.literal('bool'), value: z.boolean() }),
]);
type Literal = z.output<typeof Literal>;
const Null = z.object({ type: z.literal('null') });
const List = z.object({ type: z.literal('expr_list'), value: z.array(z.unknown()).min(1) });

interface Printed {
  sql: string;
  text: string;
  /** how it binds: what stands inside a stronger one needs brackets */
  join: 'and' | 'or' | 'not' | 'one';
}

/** Writes what the parser understood, as a statement with parameters and for people. */
class Printer {
  readonly params: Record<string, DuckDBValue> = {};
  readonly #columns: ReadonlyMap<string, SegmentColumn>;
  #bound = 0;

  constructor(columns: readonly SegmentColumn[]) {
    this.#columns = new Map(columns.map((column) => [column.name, column]));
  }

  condition(node: unknown): Printed {
    const not = Not.safeParse(node);
    if (not.success) return this.#not(not.data.expr);
    const notOf = NotOf.safeParse(node);
    if (notOf.success) return this.#not(notOf.data.args.value[0]);
    const binary = Binary.safeParse(node);
    if (!binary.success) throw this.#noComparison(node);
    const { left, right } = binary.data;
    const operator = binary.data.operator.toUpperCase();
    if (operator === 'AND' || operator === 'OR')
      return this.#joined(operator === 'AND' ? 'and' : 'or', left, right);
    if (COMPARISONS.has(operator)) return this.#compared(operator, left, right);
    const column = this.#columnOf(left);
    if (column === null) throw refusal(`Before ${operator.toLowerCase()} stands a column`);
    return this.#tested(column, operator, right);
  }

  #not(node: unknown): Printed {
    const inner = this.condition(node);
    return { sql: `(not ${inner.sql})`, text: `not ${bracketed(inner, inner.join !== 'one')}`, join: 'not' };
  }

  #joined(join: 'and' | 'or', left: unknown, right: unknown): Printed {
    const [a, b] = [this.condition(left), this.condition(right)];
    const other = join === 'and' ? 'or' : 'and';
    return {
      sql: `(${a.sql} ${join} ${b.sql})`,
      // Brackets that are not needed, between and and or, save readers from knowing which is first. Those on the right keep the grouping.
      text: `${bracketed(a, a.join === other)} ${join} ${bracketed(b, b.join === other || b.join === join)}`,
      join,
    };
  }

  #compared(operator: string, left: unknown, right: unknown): Printed {
    const [a, b] = [this.#columnOf(left), this.#columnOf(right)];
    if (a !== null && b !== null) {
      if (a.type !== b.type) throw refusal(`${a.name} is a ${a.type} and ${b.name} a ${b.type}`);
      return one(`(${quoted(a)} ${operator} ${quoted(b)})`, `${a.name} ${operator} ${b.name}`);
    }
    const column = a ?? b;
    if (column === null) throw refusal('A comparison needs a column on one of its sides');
    const value = this.#value(column, a === null ? left : right);
    const sides = a === null ? [value, columnText(column)] : [columnText(column), value];
    return one(
      `(${sides.map(({ sql }) => sql).join(` ${operator} `)})`,
      sides.map(({ text }) => text).join(` ${operator} `),
    );
  }

  #tested(column: SegmentColumn, operator: string, right: unknown): Printed {
    const say = (rest: { sql: string; text: string }): Printed =>
      one(
        `(${quoted(column)} ${operator.toLowerCase()} ${rest.sql})`,
        `${column.name} ${operator.toLowerCase()} ${rest.text}`,
      );
    switch (operator) {
      case 'IS':
      case 'IS NOT':
        if (!Null.safeParse(right).success) throw refusal(`After ${operator.toLowerCase()} stands null`);
        return say({ sql: 'null', text: 'null' });
      case 'IN':
      case 'NOT IN': {
        const values = this.#values(column, right);
        return say({
          sql: `(${values.map(({ sql }) => sql).join(', ')})`,
          text: `(${values.map(({ text }) => text).join(', ')})`,
        });
      }
      case 'BETWEEN':
      case 'NOT BETWEEN': {
        const [low, high, ...more] = this.#values(column, right);
        if (low === undefined || high === undefined || more.length > 0)
          throw refusal('Between needs two values with and');
        return say({ sql: `${low.sql} and ${high.sql}`, text: `${low.text} and ${high.text}` });
      }
      case 'LIKE':
      case 'NOT LIKE':
        return say(this.#pattern(column, right));
      default:
        throw unknownPiece(operator.toLowerCase());
    }
  }

  #pattern(column: SegmentColumn, node: unknown): { sql: string; text: string } {
    if (column.type !== 'text') throw refusal(`Like is for text, and ${column.name} is a ${column.type}`);
    const literal = Literal.safeParse(node);
    // Many wildcards make a pattern that can take for ever.
    if (literal.success && String(literal.data.value).split('%').length - 1 > MOST_WILDCARDS)
      throw refusal(`A pattern has at most ${MOST_WILDCARDS} of %`);
    return this.#value(column, node);
  }

  #values(column: SegmentColumn, node: unknown): { sql: string; text: string }[] {
    const list = List.safeParse(node);
    if (!list.success) throw refusal(`${column.name} needs values in brackets here`);
    return list.data.value.map((value) => this.#value(column, value));
  }

  #value(column: SegmentColumn, node: unknown): { sql: string; text: string } {
    if (Null.safeParse(node).success) throw refusal(`Nothing equals null; write ${column.name} is null`);
    const literal = Literal.safeParse(node);
    if (!literal.success)
      throw refusal(
        `${column.name} can be compared with a ${column.type} like ${EXAMPLES[column.type]} only`,
      );
    const value = valueOf(column, literal.data);
    this.#bound += 1;
    const name = `segment_${this.#bound}`;
    this.params[name] = value;
    return {
      sql: `$${name}::${SQL_TYPES[column.type]}`,
      text: typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value),
    };
  }

  #columnOf(node: unknown): SegmentColumn | null {
    const ref = ColumnRef.safeParse(node);
    if (!ref.success) return null;
    const column = this.#columns.get(ref.data.column.expr.value);
    if (column === undefined) throw unknownPiece(ref.data.column.expr.value);
    return column;
  }

  #noComparison(node: unknown): Error {
    const column = this.#columnOf(node);
    return refusal(
      column === null
        ? 'A value by itself is no condition'
        : `The column ${column.name} by itself is no condition; write ${column.name} = ${EXAMPLES[column.type]}`,
    );
  }
}

function one(sql: string, text: string): Printed {
  return { sql, text, join: 'one' };
}

function bracketed({ text }: Printed, isNeeded: boolean): string {
  return isNeeded ? `(${text})` : text;
}

function quoted({ name }: SegmentColumn): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function columnText(column: SegmentColumn): { sql: string; text: string } {
  return { sql: quoted(column), text: column.name };
}

/** The literal as the column's type. */
function valueOf(column: SegmentColumn, literal: Literal): string | number | boolean {
  const { value } = literal;
  const isRight = {
    text: typeof value === 'string',
    number: typeof value === 'number',
    day: typeof value === 'string' && z.iso.date().safeParse(value).success,
    'yes or no': typeof value === 'boolean',
  }[column.type];
  if (!isRight)
    throw refusal(`${column.name} is a ${column.type} and compared with one, like ${EXAMPLES[column.type]}`);
  // The parser leaves doubled quotes as they were written.
  return typeof value === 'string' ? value.replaceAll("''", "'") : value;
}

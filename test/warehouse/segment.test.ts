import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import {
  guardSegment,
  segmentColumns,
  type Segment,
  type SegmentColumn,
} from '../../src/warehouse/segment.ts';
import { createAccounts, fillAccounts } from './accounts-table.ts';

const RUNS = { seed: 20260630, numRuns: 150 };

let db: DuckDBConnection;
let columns: SegmentColumn[];
beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  db = await instance.connect();
  await createAccounts(db);
  columns = await segmentColumns(db);
  await fillAccounts(db, [
    {
      account_id: 'acme',
      plan: 'pro',
      name: "It's",
      home_mrr: 100,
      contracts: 2,
      first_paid_on: '2025-01-01',
      is_flagged_lost: false,
    },
    {
      account_id: 'bolt',
      plan: 'basic',
      name: 'B%lt',
      home_mrr: -5.5,
      contracts: 1,
      first_paid_on: '2025-03-31',
      is_flagged_lost: true,
    },
    {
      account_id: 'cask',
      plan: 'pro',
      name: null,
      home_mrr: 0,
      contracts: 0,
      first_paid_on: null,
      is_flagged_lost: null,
    },
    {
      account_id: 'dune',
      plan: null,
      name: 'pro',
      home_mrr: null,
      contracts: 7,
      first_paid_on: '2026-06-30',
      is_flagged_lost: false,
    },
  ]);
});
afterAll(() => db.closeSync());

function guarded(text: string): Segment {
  return guardSegment(text, columns);
}

async function accountsWhere(condition: string, params: Segment['params'] = {}): Promise<string> {
  const reader = await db.runAndReadAll(
    `select account_id from accounts where ${condition} order by account_id`,
    params,
  );
  const rows = z.array(z.object({ account_id: z.string() })).parse(reader.getRowObjectsJS());
  return rows.map((row) => row.account_id).join(' ');
}

async function inSegment(text: string): Promise<string> {
  const { sql, params } = guarded(text);
  return accountsWhere(sql, params);
}

function refusedFor(text: string): string | null {
  try {
    guarded(text);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message;
  }
}

it('names every documented column of accounts whose values can be written, with its description', () => {
  expect(columns.find(({ name }) => name === 'home_mrr')).toEqual({
    name: 'home_mrr',
    type: 'number',
    description: expect.stringContaining('value a month today'),
  });
  const typeOf = (name: string): string | undefined => columns.find((column) => column.name === name)?.type;
  expect(['plan', 'contracts', 'first_paid_on', 'is_flagged_lost'].map(typeOf)).toEqual([
    'text',
    'number',
    'day',
    'yes or no',
  ]);
  expect(columns.length).toBeGreaterThan(20);
  expect(columns.every(({ description }) => description !== '')).toBe(true);
});

describe('accepts', () => {
  it.each([
    [`plan = 'pro'`, 'acme cask'],
    [`plan <> 'pro'`, 'bolt'],
    [`not plan = 'pro'`, 'bolt'],
    [`plan is null`, 'dune'],
    [`plan is not null and (home_mrr < 0 or home_mrr >= 100)`, 'acme bolt'],
    [`plan IN ('basic', 'other') OR name = 'It''s'`, 'acme bolt'],
    [`contracts not in (1, 2)`, 'cask dune'],
    [`home_mrr between -5.5 and 0`, 'bolt cask'],
    [`first_paid_on > '2025-01-01'`, 'bolt dune'],
    [`first_paid_on not between '2025-01-01' and '2025-12-31'`, 'dune'],
    [`is_flagged_lost = true`, 'bolt'],
    [`name like 'B%'`, 'bolt'],
    [`name not like '%o'`, 'acme bolt'],
    [`1 < contracts`, 'acme dune'],
    [`home_mrr > contracts`, 'acme'],
    [`not (plan = 'pro' or contracts = 7)`, 'bolt'],
    // Text is text, whatever it looks like.
    [`name = 'x''; drop table accounts; --' or plan = 'basic'`, 'bolt'],
  ])('%s', async (text, accounts) => {
    expect(await inSegment(text)).toBe(accounts);
  });

  it('binds every literal and prints the condition for people', () => {
    expect(guarded(`NOT (plan IN('a',\n'it''s')) and home_mrr>=-2.50`)).toEqual({
      sql: `((not ("plan" in ($segment_1::varchar, $segment_2::varchar))) and ("home_mrr" >= $segment_3::double))`,
      params: { segment_1: 'a', segment_2: "it's", segment_3: -2.5 },
      text: `not plan in ('a', 'it''s') and home_mrr >= -2.5`,
    });
  });
});

describe('refuses, naming the piece,', () => {
  it.each([
    ['a second statement', `plan = 'a'; drop table accounts`, '";"'],
    ['a comment to the line’s end', `plan = 'a' -- and more`, '"--"'],
    ['a comment in between', `plan /* x */ = 'a'`, '"/*"'],
    ['a function', `lower(plan) = 'pro'`, '"lower("'],
    ['a function with a blank before its bracket', `read_csv ('/etc/passwd') = 'x'`, '"read_csv("'],
    ['a column called like a function', `plan('x') = 'a'`, '"plan("'],
    ['a subquery', `plan in (select 1)`, '"select"'],
    ['a subquery behind exists', `exists (select 1)`, '"exists("'],
    ['union', `plan = 'a' union all select 1`, '"union"'],
    ['a clause after it', `plan = 'a' order by name`, '"order"'],
    ['a limit', `plan = 'a' limit 1`, '"limit"'],
    ['a cast with colons', `plan::int = 1`, '"::"'],
    ['a cast by name', `cast(plan as int) = 1`, '"cast("'],
    ['a typed literal', `first_paid_on > date '2025-01-01'`, '"date"'],
    ['a parameter', `plan = $1`, '"$"'],
    ['a named parameter', `plan = :x`, '":"'],
    ['a question mark', `plan = ?`, '"?"'],
    ['dollar quotes', `plan = $$a$$`, '"$$"'],
    ['an escape string', `plan = E'\\'' or 1=1`, '"\\\\"'],
    ['a unicode string', `plan = U&'x'`, '"&"'],
    ['a backslash within text', `plan = 'a\\' or 1=1 --'`, '"\\\\"'],
    ['quotes around a name', `"plan" = 'a'`, '"\\""'],
    ['backticks', '`plan` = 1', '"`"'],
    ['a name of a table before it', `accounts.plan = 'a'`, '"."'],
    ['a schema', `plan = 'a' or main.secrets = 1`, '"."'],
    ['a column that is not there', `token = 'a'`, '"token"'],
    ['a column in capitals', `PLAN = 'a'`, '"PLAN"'],
    ['a letter that only looks the same', `рlan = 'a'`, '"рlan"'],
    ['a letter with a mark', `pla\u0301n = 'a'`, '"pla\u0301n"'],
    ['a keyword with a letter that folds into another', `plan ı\u0307n ('a')`, '"ı\u0307n("'],
    ['a full-width sign', `plan ＝ 'a'`, '"＝"'],
    ['a full-width quote', `plan = ＇a＇`, '"＇"'],
    ['a zero-width blank', `plan\u200b = 'a'`, 'U+200B'],
    ['a turned direction', `plan = 'a\u202e'`, 'U+202E'],
    ['a zero byte', `plan = 'a\u0000'`, 'U+0000'],
    ['half a character', `plan = '\ud800'`, 'U+D800'],
    ['a blank of another kind', `plan\u00a0= 'a'`, '"\u00a0"'],
    ['a sum', `home_mrr + 1 > 2`, '"+"'],
    ['a joined text', `plan || 'x' = 'a'`, '"||"'],
    ['a list', `plan = ['a']`, '"["'],
    ['another operator', `plan ilike 'a'`, '"ilike"'],
    ['an expression of cases', `case when plan = 'a' then 1 end = 1`, '"case"'],
    ['a number with an exponent', `home_mrr = 1e3`, '"1e3"'],
    ['a number in another base', `contracts = 0x10`, '"0x10"'],
    ['a number that is not exact', `contracts = 12345678901234567890`, '12345678901234567890'],
    ['an open quote', `plan = 'a`, `no closing quote`],
    ['an open bracket', `(plan = 'a'`, 'not closed'],
    ['a bracket too many', `plan = 'a') or (plan = 'b'`, 'not opened'],
    ['what is always true', `1 = 1`, 'needs a column'],
    ['a value alone', `plan = 'a' or true`, 'no condition'],
    ['a column alone', `is_flagged_lost`, 'write is_flagged_lost = true'],
    ['a comparison with null', `plan = null`, 'write plan is null'],
    ['a number for text', `plan = 1`, `'text'`],
    ['text for a number', `home_mrr > 'a'`, '100'],
    ['a day that is none', `first_paid_on = '2025-02-30'`, '2026-01-31'],
    ['columns of two types', `plan = home_mrr`, 'plan is a text and home_mrr a number'],
    ['like on a number', `home_mrr like '1%'`, 'Like is for text'],
    ['a pattern of many wildcards', `plan like '%a%b%c%d%'`, 'at most 4'],
    ['and beside or', `plan = 'a' or plan = 'b' and contracts = 1`, 'brackets'],
    ['values that are no literals', `plan in ('a', name)`, 'plan can be compared'],
    ['texts side by side', `plan = 'a' 'b'`, `"'b'" cannot stand`],
    ['two columns in brackets', `(plan, name) = ('a', 'b')`, 'needs a column'],
    ['an end too early', `plan = 'a' and`, 'ends too early'],
    ['nothing', ` \n`, 'needs a condition'],
    ['deep brackets', `${'('.repeat(7)}plan = 'a'${')'.repeat(7)}`, 'deeper than 6'],
    ['a long text', `plan = '${'a'.repeat(2000)}'`, '2000 characters'],
    ['many values', `contracts in (${Array.from({ length: 300 }, () => '1').join(',')})`, '400 words'],
  ])('%s', (_name, text, piece) => {
    const message = refusedFor(text);
    expect(message).toContain(piece);
    expect(message).toContain(
      'compare listed columns with =, <>, <, <=, >, >=, in, between, like or is null',
    );
  });
});

describe('whatever is written,', () => {
  const Piece = fc.oneof(
    fc.constantFrom(
      'plan',
      'name',
      'home_mrr',
      'contracts',
      'first_paid_on',
      'is_flagged_lost',
      'PLAN',
      'token',
    ),
    fc.constantFrom(
      'and',
      'or',
      'not',
      'in',
      'between',
      'like',
      'is',
      'null',
      'true',
      'AND',
      'Not',
      'is not null',
    ),
    fc.constantFrom(
      '=',
      '<>',
      '<',
      '>=',
      '(',
      ')',
      ',',
      '-',
      "'",
      "''",
      '"',
      ';',
      '--',
      '/*',
      '*/',
      '::',
      '$1',
      '\\',
      '.',
    ),
    fc.constantFrom(
      "'pro'",
      "'it''s'",
      '1',
      '-2.5',
      "'2025-01-01'",
      'select 1',
      'lower(',
      'union',
      '\u200b',
      'İ',
    ),
    fc.constantFrom(
      `plan = 'pro'`,
      `contracts > 1`,
      `plan in ('a', 'b')`,
      `home_mrr between 1 and 2`,
      'name is null',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const Text = fc
    .array(fc.tuple(Piece, fc.constantFrom(' ', ' ', ' ', '', '\n')), { maxLength: 14 })
    .map((pieces) => pieces.flat().join(''));
  const SAFE =
    /^(?:"(?<column>\w+)"|\$segment_\d+::(?:varchar|double|date|boolean)|<>|<=|>=|[=<>(), ]|and|or|not|in|between|like|is|null)*$/;

  it('it is refused in a sentence, or every name is on the list and every literal is bound', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(Text, async (text) => {
        if (refusedFor(text) !== null) return;
        accepted += 1;
        const { sql, params, text: display } = guarded(text);
        expect(sql).toMatch(SAFE);
        const names = [...sql.matchAll(/"(\w+)"/g)].map(([, name]) => name);
        expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
        const bound = [...sql.matchAll(/\$(\w+)/g)].map(([, name]) => name);
        expect(bound).toEqual(Object.keys(params));
        await accountsWhere(sql, params);
        expect(guarded(display)).toEqual({ sql, params, text: display });
      }),
      { ...RUNS, numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  const Test = fc
    .oneof(
      fc.tuple(
        fc.constantFrom('plan', 'name'),
        fc.constantFrom('=', '<>', '<', '>=', 'like', 'not like'),
        fc.constantFrom(`'pro'`, `'It''s'`, `'B%'`, `''`),
      ),
      fc.tuple(
        fc.constantFrom('home_mrr', 'contracts'),
        fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
        fc.constantFrom('-5.5', '0', '2', '100.0', 'contracts'),
      ),
      fc.tuple(
        fc.constantFrom('home_mrr', 'contracts'),
        fc.constantFrom('between -6 and', 'not between 0 and'),
        fc.constantFrom('1', '7'),
      ),
      fc.tuple(
        fc.constantFrom('plan', 'name'),
        fc.constantFrom('in', 'not in'),
        fc.constantFrom(`('pro')`, `('pro', 'basic')`),
      ),
      fc.tuple(
        fc.constant('first_paid_on'),
        fc.constantFrom('=', '<=', '>'),
        fc.constantFrom(`'2025-01-01'`, `'2025-03-31'`),
      ),
      fc.tuple(
        fc.constantFrom('plan', 'name', 'is_flagged_lost'),
        fc.constant('is'),
        fc.constantFrom('null', 'not null'),
      ),
      fc.tuple(fc.constant('is_flagged_lost'), fc.constantFrom('=', '<>'), fc.constantFrom('true', 'false')),
    )
    .map((pieces) => pieces.join(' '));
  const { Condition } = fc.letrec<{ Condition: string; Joined: string; Negated: string }>((tie) => ({
    Condition: fc.oneof({ maxDepth: 3 }, Test, tie('Joined'), tie('Negated')),
    Joined: fc
      .tuple(fc.constantFrom(' and ', ' or '), fc.array(tie('Condition'), { minLength: 2, maxLength: 3 }))
      .map(([join, parts]) => parts.map((part) => (/ (and|or) /.test(part) ? `(${part})` : part)).join(join)),
    Negated: fc
      .tuple(tie('Condition'), fc.boolean())
      .map(([part, isBare]) => (isBare && !/ (and|or) /.test(part) ? `not ${part}` : `not (${part})`)),
  }));

  it('what is accepted chooses the accounts that DuckDB chooses by the text itself', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(Condition, async (text) => {
        const refused = refusedFor(text);
        if (refused !== null) return expect(refused).toMatch(/deeper|characters|400 words/);
        accepted += 1;
        expect(await inSegment(text), text).toBe(await accountsWhere(text));
      }),
      RUNS,
    );
    expect(accepted).toBeGreaterThan(RUNS.numRuns / 2);
  });
});

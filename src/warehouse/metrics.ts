import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const FOLDER = new URL('../../analytics/metrics/', import.meta.url);
const PARTS = ['Counts', 'Over', 'Excludes', 'NULL', 'By'] as const;

/** One number that is shown: what it is, as its file says. The SQL gives a numerator and a denominator for each window and account. */
export interface Metric {
  id: string;
  name: string;
  version: number;
  /** ratio: numerator over denominator */
  unit: 'ratio';
  /** of a share of customers or contracts: Wilson's; of a ratio of sums: bootstrap over accounts */
  interval: 'wilson' | 'bootstrap';
  counts: string;
  over: string;
  excludes: string;
  null: string;
  by: string;
  /** with every other metric that it is made of put in */
  sql: string;
  /** the metrics that it is made of, itself last */
  made: readonly string[];
  /** whether a convention's switches say how it is counted; else it is counted by the house's rules */
  isByConvention: boolean;
}

const Header = z.object({
  name: z.string().min(1),
  version: z.coerce.number().int().positive(),
  unit: z.literal('ratio'),
  interval: z.enum(['wilson', 'bootstrap']),
  Counts: z.string(),
  Over: z.string(),
  Excludes: z.string(),
  NULL: z.string(),
  By: z.string(),
});

let known: ReadonlyMap<string, Metric> | null = null;

/** Every metric, by id. Throws where a file's header does not say everything that it has to. */
export function metrics(): ReadonlyMap<string, Metric> {
  known ??= new Map(
    readdirSync(FOLDER)
      .filter((file) => /^[a-z]\w*\.sql$/.test(file) && !file.startsWith('cohort_'))
      .toSorted()
      .map((file) => [file.slice(0, -'.sql'.length), readMetric(file.slice(0, -'.sql'.length))]),
  );
  return known;
}

/** The SQL of a metric; throws for an id that is none. */
export function metricSql(id: string): string {
  const metric = metrics().get(id);
  if (metric === undefined) throw new Error(`there is no metric ${id}`);
  return metric.sql;
}

/** The SQL of a triangle of cohorts, which has no one value for a month. */
export function cohortSql(id: 'cohort_logos' | 'cohort_money'): string {
  return readFileSync(new URL(`${id}.sql`, FOLDER), 'utf8');
}

function readMetric(id: string): Metric {
  const text = readFileSync(new URL(`${id}.sql`, FOLDER), 'utf8');
  const lines = [...text.matchAll(/^-- ?(.*)$/gm)].map(([, line]) => line ?? '');
  const said: Record<string, string> = { name: lines[0] ?? '' };
  let part: string | null = null;
  for (const line of lines.slice(1)) {
    const fact = /^@(\w+) (.+)$/.exec(line);
    const begun = new RegExp(`^(${PARTS.join('|')}) +(.*)$`).exec(line);
    if (fact?.[1] !== undefined) said[fact[1]] = fact[2] ?? '';
    else if (begun?.[1] !== undefined) said[(part = begun[1])] = begun[2] ?? '';
    else if (part !== null) said[part] = `${said[part]} ${line.trim()}`;
  }
  const header = Header.parse(said);
  const { sql, made } = withParts(id, text);
  return {
    id,
    name: header.name,
    version: header.version,
    unit: header.unit,
    interval: header.interval,
    counts: header.Counts,
    over: header.Over,
    excludes: header.Excludes,
    null: header.NULL,
    by: header.By,
    sql,
    made,
    isByConvention: /\bfrom facts\b/.test(sql),
  };
}

// {other_metric} stands for the rows of that metric.
function withParts(id: string, text: string): { sql: string; made: string[] } {
  const made: string[] = [];
  const sql = text.replaceAll(/^--.*\n/gm, '').replaceAll(/\{(\w+)\}/g, (_, part: string) => {
    const inner = withParts(part, readFileSync(new URL(`${part}.sql`, FOLDER), 'utf8'));
    made.push(...inner.made);
    return `(${inner.sql})`;
  });
  return { sql, made: [...made, id] };
}

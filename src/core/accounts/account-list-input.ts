import { z } from 'zod';
import { ACCOUNT_STATES, HEALTH_BANDS, RENEWAL_BANDS } from './card-document.ts';

export const ACCOUNT_SORTS = [
  'name',
  'owner',
  'value',
  'tenure',
  'renewal',
  'health',
  'change',
  'contact',
  'tickets',
  'nps',
] as const;
export type AccountSort = (typeof ACCOUNT_SORTS)[number];
export type Way = 'up' | 'down';

/** The way in which a column is asked for first: what needs somebody, or what is largest, on top. */
export const FIRST_WAY: Readonly<Record<AccountSort, Way>> = {
  name: 'up',
  owner: 'up',
  value: 'down',
  tenure: 'down',
  renewal: 'up',
  health: 'up',
  change: 'up',
  contact: 'up',
  tickets: 'down',
  nps: 'up',
};

export const FILTERS = ['status', 'band', 'health', 'owner', 'plan', 'segment'] as const;
export type Filter = (typeof FILTERS)[number];

/** The word in an address for what is not known, in the fields whose values are ours. */
const NONE = 'none';
/** Values of a field that are ours; the portal's own owners, plans and segments may be anything. */
const KNOWN: Partial<Record<Filter, readonly string[]>> = {
  status: ACCOUNT_STATES,
  band: [...RENEWAL_BANDS, NONE],
  health: [...HEALTH_BANDS, NONE],
};
const MOST_VALUES = 100;
const LONGEST_VALUE = 200;
const CONTROLS = /\p{Cc}/gu;

const Plain = z.object({
  q: z
    .string()
    .transform((words) => words.normalize('NFC').replaceAll(CONTROLS, ' ').trim())
    .pipe(z.string().max(100))
    .catch(''),
  sort: z.enum(ACCOUNT_SORTS).catch('renewal'),
  way: z.enum(['up', 'down']).nullable().catch(null),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});

/**
 * What the account list is asked for, from the names and values of an address; whatever is wrong in it becomes the default. A filter is one
 * name for each value, as a form without scripts sends it: `band.within_30=1&band.past_due=1&plan.Scale=1`; what is not known is
 * `band.none`, `health.none`, `owner.`, `plan.` and `segment.`.
 */
export const AccountListInput = z.record(z.string(), z.string()).transform((raw) => {
  const plain = Plain.parse(raw);
  const filters: Record<Filter, string[]> = {
    status: [],
    band: [],
    health: [],
    owner: [],
    plan: [],
    segment: [],
  };
  for (const field of FILTERS) filters[field] = valuesOf(raw, field);
  return { ...plain, way: plain.way ?? FIRST_WAY[plain.sort], filters };
});
export type AccountListInput = z.output<typeof AccountListInput>;

function valuesOf(raw: Record<string, string>, field: Filter): string[] {
  const known = KNOWN[field];
  return Object.entries(raw)
    .filter(([name, value]) => value === '1' && name.startsWith(`${field}.`))
    .map(([name]) => name.slice(field.length + 1))
    .filter((value) =>
      known === undefined
        ? value.length <= LONGEST_VALUE && value.search(CONTROLS) === -1
        : known.includes(value),
    )
    .map((value) => (known !== undefined && value === NONE ? '' : value))
    .toSorted()
    .slice(0, MOST_VALUES);
}

/** The name in an address of one value of a filter. */
export function filterName(field: Filter, value: string): string {
  return `${field}.${value === '' && KNOWN[field] !== undefined ? NONE : value}`;
}

/** The query that asks for a list again: everything that is not the default, always in the same order. */
export function accountListQuery({ q, sort, way, page, filters }: AccountListInput): string {
  const query = new URLSearchParams();
  if (q !== '') query.set('q', q);
  for (const field of FILTERS) for (const value of filters[field]) query.set(filterName(field, value), '1');
  if (sort !== 'renewal') query.set('sort', sort);
  if (way !== FIRST_WAY[sort]) query.set('way', way);
  if (page > 1) query.set('page', String(page));
  return query.toString();
}

export function wordsOf(q: string): string[] {
  return q.split(/\s+/).filter((word) => word !== '');
}

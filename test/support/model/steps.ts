import fc from 'fast-check';

/** The types whose records a history changes. */
export const MODEL_TYPES = ['companies', 'contacts', 'deals'] as const;
export type ModelType = (typeof MODEL_TYPES)[number];

/** Ways in which records are linked; the first of a pair is HubSpot's own. */
export const MODEL_LINKS = [
  { fromType: 'contacts', toType: 'companies', typeId: 279, backTypeId: 280 },
  { fromType: 'contacts', toType: 'companies', typeId: 501, backTypeId: 502, label: 'Champion' },
  { fromType: 'contacts', toType: 'companies', typeId: 503, backTypeId: 504, label: 'Billing' },
  { fromType: 'deals', toType: 'companies', typeId: 341, backTypeId: 342 },
  { fromType: 'deals', toType: 'contacts', typeId: 3, backTypeId: 4 },
  { fromType: 'deals', toType: 'contacts', typeId: 505, backTypeId: 506, label: 'Buyer' },
] as const;

/** Something that happens in the portal. `at` says which of the records that fit: the number modulo how many there are. */
export type Change =
  | { do: 'create'; type: ModelType; value: string }
  | { do: 'edit'; type: ModelType; at: number; name: string; value: string }
  | { do: 'drift'; type: ModelType; at: number; value: string }
  | { do: 'archive' | 'restore' | 'purge'; type: ModelType; at: number }
  | { do: 'merge'; type: ModelType; at: number; into: number; newId: boolean }
  | { do: 'link'; link: number; from: number; to: number }
  | { do: 'unlink'; link: number; from: number; at: number; whole: boolean };

/** A kind of request to HubSpot, of one type. */
export interface Moment {
  type: ModelType;
  read: 'list' | 'bin' | 'search' | 'batch' | 'links' | 'properties';
}

export const FAULTS = [
  'burst',
  'slow search',
  'daily',
  'unavailable',
  'error page',
  'login page',
  'reset',
  'cut',
  'refused batch',
  'failed links',
] as const;
export type FaultName = (typeof FAULTS)[number];

/** A switch of the fake that is turned, or something that goes wrong from now on. */
export type Switch =
  | { do: 'define'; type: ModelType; name: string }
  | { do: 'lag'; minutes: number }
  | { do: 'tail'; minutes: number }
  | { do: 'ids'; order: 'number' | 'text' }
  | { do: 'pages'; rows: number; short: number; opaque: boolean }
  | { do: 'unknown ids'; answer: '207' | '400' }
  | { do: 'fault'; fault: FaultName; at: Moment; times: number };

export interface SyncStep {
  do: 'sync';
  sweep: 'due' | 'all' | 'none';
  /** what happens just before the first request of a kind */
  during: readonly { at: Moment; change: Change }[];
  /** the run is told to stop just before the first request of this kind */
  stopAt: Moment | null;
}

/** A step of a history. */
export type Step = Change | Switch | SyncStep | { do: 'wait'; minutes: number };

const SWITCHES = new Set<string>(['define', 'lag', 'tail', 'ids', 'pages', 'unknown ids', 'fault']);

export function isSwitch(step: Change | Switch): step is Switch {
  return SWITCHES.has(step.do);
}

const type = fc.constantFrom(...MODEL_TYPES);
const at = fc.nat({ max: 11 });
const value = fc.constantFrom('a', 'b', 'c', '"\'|,\nü');
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('create' as const), type, value }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      type,
      at,
      name: fc.constantFrom('name', 'tier', 'extra_1', 'extra_2'),
      value: fc.oneof({ weight: 3, arbitrary: value }, fc.constant('')),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drift' as const), type, at, value }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('archive' as const, 'restore' as const), type, at }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('purge' as const), type, at }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('merge' as const), type, at, into: at, newId: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('link' as const),
      link: fc.nat({ max: MODEL_LINKS.length - 1 }),
      from: at,
      to: at,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('unlink' as const),
      link: fc.nat({ max: MODEL_LINKS.length - 1 }),
      from: at,
      at,
      whole: fc.boolean(),
    }),
  },
);
const moment: fc.Arbitrary<Moment> = fc.record({
  type,
  read: fc.constantFrom(
    'list' as const,
    'bin' as const,
    'search' as const,
    'batch' as const,
    'links' as const,
    'properties' as const,
  ),
});
const sync: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('sync' as const),
  sweep: fc.constantFrom('due' as const, 'due' as const, 'due' as const, 'all' as const, 'none' as const),
  during: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    fc.array(fc.record({ at: moment, change }), { minLength: 1, maxLength: 4 }),
  ),
  stopAt: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, moment),
});
const minutes = fc.constantFrom(0, 2, 12);
const pages = fc.record({
  do: fc.constant('pages' as const),
  rows: fc.constantFrom(1, 2, 3, 1000),
  short: fc.constantFrom(0, 0, 1, 3),
  opaque: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 14, arbitrary: change },
  { weight: 8, arbitrary: sync },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('define' as const),
      type,
      name: fc.constantFrom('extra_1', 'extra_2'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('lag' as const, 'tail' as const), minutes }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('ids' as const),
      order: fc.constantFrom('number' as const, 'text' as const),
    }),
  },
  { weight: 1, arbitrary: pages },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('unknown ids' as const),
      answer: fc.constantFrom('207' as const, '400' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      fault: fc.constantFrom(...FAULTS),
      at: moment,
      times: fc.constantFrom(1, 2, 8),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      minutes: fc.constantFrom(1, 20, 26 * 60, 8 * 24 * 60),
    }),
  },
);

/** How HubSpot is from the beginning: fresh or late, orderly or not, in long pages or short ones. */
const settings: fc.Arbitrary<Switch[]> = fc
  .record({
    lag: minutes,
    tail: minutes,
    order: fc.constantFrom('number' as const, 'text' as const),
    answer: fc.constantFrom('207' as const, '400' as const),
    pages,
  })
  .map(({ lag, tail, order, answer, pages: page }) => [
    { do: 'lag', minutes: lag },
    { do: 'tail', minutes: tail },
    { do: 'ids', order },
    { do: 'unknown ids', answer },
    page,
  ]);
const first: fc.Arbitrary<SyncStep[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<SyncStep[]>([{ do: 'sync', sweep: 'due', during: [], stopAt: null }]) },
  fc.constant<SyncStep[]>([]),
);

/** Histories of a small portal: how HubSpot is, mostly a first sync, then some steps, a few syncs among them. */
export const history: fc.Arbitrary<Step[]> = fc
  .tuple(settings, first, fc.array(step, { minLength: 1, maxLength: 12, size: 'max' }))
  .map(([how, synced, steps]) => [...how, ...synced, ...steps]);

import { z } from 'zod';
import { mappingAt } from '../../store/mappings.ts';
import { currentSnapshot } from '../../store/snapshots.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { Actor } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { WebContext } from '../web-context.ts';
import { Book } from './book.ts';
import { coverageIn, type Coverage } from './coverage.ts';
import { CONTRACT_SOURCES, parseMapping, type Mapping } from './mapping.ts';
import { readMappingFile } from './mapping-file.ts';
import { mappingVersions, type MappingVersion } from './mapping-versions.ts';

const UNCOVERED_SHOWN = 12;

const values = defineQuery({
  file: 'reads/mapping_values.sql',
  params: z.object({}),
  row: z.object({ object_type: z.string(), property: z.string(), records: z.number(), filled: z.number() }),
});
type ValueRow = Awaited<ReturnType<typeof values>>[number];

/** Parts of a mapping, as people think of them. */
export type GroupName =
  | 'accounts'
  | (typeof CONTRACT_SOURCES)[number]
  | 'contacts'
  | 'responses'
  | 'tickets'
  | 'usage'
  | 'invoices'
  | 'imported';

/** One value that is read: which field of ours it is, from which property, and how many records have it. */
export interface MappedField {
  field: string;
  property: string;
  /** null where nothing is published of it */
  filled: number | null;
  /** for a condition: what the property must say */
  says: readonly string[];
  /** the mapping names none, so HubSpot's own is read */
  isHubSpots: boolean;
}

export interface MappingGroup {
  name: GroupName;
  /** the record type the values are of */
  objectType: string;
  /** null where there is no record of the type, or nothing is published */
  records: number | null;
  fields: MappedField[];
  /** fields that nothing is read for */
  unset: string[];
  /** the place in the order of contract sources, from 1; null for other parts and for sources left out */
  place: number | null;
}

export interface BookRule {
  name: string;
  value: string | null;
  isDefault: boolean;
}

export interface MappingView {
  /** null before the first */
  stored: { version: number; knownFrom: Date } | null;
  /** as a person edits it */
  text: string;
  /** MAPPING_FILE, where it rules, and what is wrong with it at this moment */
  file: { path: string; problem: string | null } | null;
  groups: MappingGroup[];
  book: BookRule[];
  excludedTypes: readonly string[];
  coverage: Coverage | null;
  versions: MappingVersion[];
  /** what is published was computed before the mapping in force was stored */
  isBehind: boolean;
  isImported: boolean;
}

/** What the portal's mapping says, what it covers, and how it came to be. For admins, leaders and analysts. */
export async function getMapping(ctx: WebContext, actor: Actor, portalMode: string): Promise<MappingView> {
  if (actor.role === 'manager') throw new AppError('forbidden', 'Ask your admin to see the mapping.');
  const { portal } = actor;
  const [stored, snapshot, versions] = await Promise.all([
    mappingAt(ctx.store, portal, ctx.clock.now()),
    currentSnapshot(ctx.store, portal),
    mappingVersions(ctx.store, portal),
  ]);
  const mapping = parseMapping(stored?.document ?? { version: 1 });
  const published =
    snapshot === null || stored === null
      ? null
      : await ctx.snapshots.read(portal, snapshot.name, async (db) => ({
          coverage: await coverageIn(db, mapping, UNCOVERED_SHOWN),
          values: await values(db, {}),
        }));
  return {
    stored: stored === null ? null : { version: stored.version, knownFrom: stored.knownFrom },
    text: JSON.stringify(mapping, null, 2),
    file: await rulingFile(ctx, actor),
    // In a portal of files HubSpot's records are worth no line, unless there are some.
    groups: groupsOf(mapping, published?.values ?? []).filter(
      ({ name, records }) => portalMode !== 'import' || name === 'imported' || records !== null,
    ),
    book: rulesOf(mapping),
    excludedTypes: mapping.accounts.excluded_types,
    coverage: published?.coverage ?? null,
    versions,
    isBehind: snapshot !== null && stored !== null && snapshot.publishedAt < stored.knownFrom,
    isImported: portalMode === 'import',
  };
}

async function rulingFile({ mappingFile }: WebContext, { portal }: Actor): Promise<MappingView['file']> {
  if (mappingFile?.portal !== portal) return null;
  const problem = await readMappingFile(mappingFile.path).then(
    () => null,
    (error: unknown) => {
      if (error instanceof AppError) return error.message;
      throw error;
    },
  );
  return { path: mappingFile.path, problem };
}

/** What a property must say to count, beside the property itself. */
const CONDITIONS: Readonly<Record<string, string>> = {
  flag: 'flag_values',
  won: 'won_values',
  pipeline: 'pipelines',
  trial: 'trial_values',
  left: 'left_values',
};
/** What is read where the mapping names nothing: the same names as in analytics/staging, which a test holds. */
export const HUBSPOT_DEFAULTS: Partial<Record<GroupName, Readonly<Record<string, string>>>> = {
  responses: { type: 'hs_survey_type', score: 'hs_value', text: 'hs_content', at: 'hs_submission_timestamp' },
  tickets: { priority: 'hs_ticket_priority', category: 'hs_ticket_category' },
  invoices: {
    number: 'hs_number',
    issued: 'hs_invoice_date',
    due: 'hs_due_date',
    amount: 'hs_amount_billed',
    balance: 'hs_balance_due',
    currency: 'hs_currency',
    status: 'hs_invoice_status',
  },
};
/** Texts of a mapping that name no property. */
const NO_PROPERTIES = new Set(['end_is', 'object_type']);

function groupsOf(mapping: Mapping, rows: readonly ValueRow[]): MappingGroup[] {
  const group = (name: GroupName, objectType: string, section: Record<string, unknown>): MappingGroup => {
    const own = rows.filter((row) => row.object_type === objectType);
    const defaults = HUBSPOT_DEFAULTS[name] ?? {};
    const filled = new Map(own.map((row) => [row.property, row.filled]));
    const place = mapping.contracts.order.findIndex((source) => source === name);
    const names = Object.keys(section).filter(
      (field) => !NO_PROPERTIES.has(field) && (section[field] === null || typeof section[field] === 'string'),
    );
    return {
      name,
      objectType,
      records: own[0]?.records ?? null,
      fields: names.flatMap((field) => {
        const own = section[field];
        const property = typeof own === 'string' ? own : defaults[field];
        if (property === undefined) return [];
        const says = saysOf(section, field);
        return [{ field, property, filled: filled.get(property) ?? null, says, isHubSpots: own === null }];
      }),
      unset: names.filter((field) => section[field] === null && defaults[field] === undefined),
      place: place === -1 ? null : place + 1,
    };
  };
  const { accounts, contracts, contacts, responses, tickets, usage, invoices } = mapping;
  return [
    group('accounts', 'companies', accounts),
    ...CONTRACT_SOURCES.map((source) => group(source, source, contracts[source])),
    group('contacts', 'contacts', contacts),
    group('responses', 'feedback_submissions', responses),
    group('tickets', 'tickets', tickets),
    group('usage', usage.object_type ?? 'usage', usage),
    group('invoices', 'invoices', invoices),
    ...importedGroups(rows),
  ];
}

// Of imported files every field that a row holds is read; the mapping's part `imports` says from which column.
function importedGroups(rows: readonly ValueRow[]): MappingGroup[] {
  const types = new Set(rows.map((row) => row.object_type).filter((type) => type.startsWith('import_')));
  return [...types].map((objectType) => {
    const own = rows.filter((row) => row.object_type === objectType);
    return {
      name: 'imported',
      objectType,
      records: own[0]?.records ?? null,
      fields: own.map(({ property, filled }) => ({
        field: property,
        property,
        filled,
        says: [],
        isHubSpots: false,
      })),
      unset: [],
      place: null,
    };
  });
}

function saysOf(section: Record<string, unknown>, field: string): readonly string[] {
  const list = section[CONDITIONS[field] ?? ''];
  return z.array(z.string()).catch([]).parse(list);
}

// The rates of the mapping are a rule like the others: how many there are says enough.
function rulesOf({ book, fx }: Mapping): BookRule[] {
  const house: Record<string, unknown> = Book.parse({});
  return [
    ...Object.entries(book).map(([name, value]) => ({
      name,
      value: value === null ? null : String(value),
      isDefault: value === house[name],
    })),
    { name: 'fx', value: fx.length === 0 ? null : String(fx.length), isDefault: fx.length === 0 },
  ];
}

import type { SourceAssociation, SourceRecord, SourceVersion } from '../source.ts';
import { buildActivity } from './activity.ts';
import { buildCompany } from './company.ts';
import { buildContacts } from './contacts.ts';
import type { Life } from './life.ts';
import { buildSales } from './sales.ts';
import { GENERATED_TYPES, type GeneratedType, type Shape } from './shape.ts';
import { buildSurveys } from './surveys.ts';
import { buildUsage } from './usage.ts';

/** Everything HubSpot holds about one account. */
export interface Bundle {
  records: Record<GeneratedType, SourceRecord[]>;
  links: ReadonlyMap<string, SourceAssociation[]>;
}

/** What the builders of one account share. */
export interface Draft {
  seed: number;
  life: Life;
  shape: Shape;
  /** the anchor, in ms and in days */
  anchor: number;
  today: number;
  owner: string;
  /** the id of this account's k-th record of a type */
  id(type: GeneratedType, k: number): string;
  /** the id of another account's company */
  companyId(account: number): string;
  add(type: GeneratedType, record: NewRecord): string;
  link(
    from: [GeneratedType, string],
    to: [GeneratedType, string],
    typeId: number,
    backTypeId: number,
    label?: string,
  ): void;
}

export interface NewRecord {
  createdAt: number;
  /** the last of these moments that lies before the anchor is when it was modified; the creation when there is none */
  changes?: readonly number[];
  archivedAt?: number;
  properties: Record<string, string | number | boolean | null>;
  history?: Record<string, SourceVersion[]>;
}

export function buildBundle(base: Omit<Draft, 'add' | 'link'>): Bundle {
  const records = Object.fromEntries(
    GENERATED_TYPES.map((type) => [type, [] as SourceRecord[]]),
  ) as Bundle['records'];
  const links = new Map<string, SourceAssociation[]>();
  const draft: Draft = {
    ...base,
    add: (type, record) => {
      const made = finish(base, base.id(type, records[type].length), record);
      records[type].push(made);
      return made.id;
    },
    link: (from, to, typeId, backTypeId, label) => {
      join(links, from, to, typeId, label);
      join(links, to, from, backTypeId, label);
    },
  };
  buildCompany(draft);
  buildContacts(draft);
  buildSales(draft);
  buildActivity(draft);
  buildSurveys(draft);
  buildUsage(draft);
  return { records, links };
}

/** The last hour before the anchor is quiet, so that whoever asks for what is new need not make everything that is old. */
export const QUIET_MS = 3_600_000;

function finish({ anchor }: Pick<Draft, 'anchor'>, id: string, record: NewRecord): SourceRecord {
  const latest = anchor - QUIET_MS;
  const createdAt = Math.min(record.createdAt, latest);
  const past = (record.changes ?? []).filter((at) => at <= latest);
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(record.properties)) {
    if (value !== null && value !== '') properties[name] = String(value);
  }
  return {
    id,
    properties,
    createdAt,
    updatedAt: Math.max(createdAt, ...past),
    archivedAt: record.archivedAt ?? null,
    history: record.history ?? {},
  };
}

function join(
  links: Map<string, SourceAssociation[]>,
  from: [string, string],
  to: [string, string],
  typeId: number,
  label: string | undefined,
): void {
  const key = `${from[0]}/${from[1]}`;
  const list = links.get(key) ?? [];
  links.set(key, list);
  const type = {
    category: label === undefined ? ('HUBSPOT_DEFINED' as const) : ('USER_DEFINED' as const),
    typeId,
    label: label ?? null,
  };
  const at = list.findIndex((link) => link.toType === to[0] && link.toId === to[1]);
  const known = list[at];
  if (known === undefined) list.push({ toType: to[0], toId: to[1], types: [type] });
  else list[at] = { ...known, types: [...known.types, type] };
}

import type { ObjectSchema, Owner, Pipeline, PropertyDefinition } from '../../core/hubspot-port.ts';
import type {
  AssociationLabel,
  PortalSource,
  SourceAssociation,
  SourceRecord,
  SourceVersion,
} from '../source.ts';

export interface MemoryRecord {
  id: string;
  properties?: Record<string, string>;
  createdAt?: Date;
  updatedAt?: Date;
  archivedAt?: Date | null;
  history?: Record<string, SourceVersion[]>;
}

export interface MemoryAssociation {
  from: readonly [type: string, id: string];
  to: readonly [type: string, id: string];
  /** HubSpot's number in each direction; labels make them USER_DEFINED */
  typeId: number;
  backTypeId: number;
  label?: string;
}

export interface MemoryPortal {
  anchor?: Date;
  objects?: Record<string, readonly MemoryRecord[]>;
  associations?: readonly MemoryAssociation[];
  properties?: Record<string, readonly PropertyDefinition[]>;
  pipelines?: Record<string, readonly Pipeline[]>;
  owners?: readonly Owner[];
  schemas?: readonly ObjectSchema[];
  /** labels that exist without being in use; those in use are known anyway */
  labels?: readonly AssociationLabel[];
}

const DEFAULT_ANCHOR = new Date('2026-03-01T12:00:00Z');

/** A portal from plain arrays, for tests. Properties that are used and not defined are defined as text. */
export function memorySource(portal: MemoryPortal = {}): PortalSource {
  const anchor = (portal.anchor ?? DEFAULT_ANCHOR).getTime();
  const records = new Map(
    Object.entries(portal.objects ?? {}).map(([type, list]) => [
      type,
      list.map((record) => toSource(record, anchor)).toSorted((a, b) => compareIds(a.id, b.id)),
    ]),
  );
  const numbers = new Map(
    [...records].map(([type, list]) => [type, new Map(list.map((record, n) => [record.id, n]))]),
  );
  const links = linksOf(portal.associations ?? []);
  const all = (type: string): SourceRecord[] => records.get(type) ?? [];
  return {
    portalId: 4_242_424,
    timeZone: 'Europe/Berlin',
    companyCurrency: 'EUR',
    anchor,
    objectTypes: () => [...records.keys()],
    count: (type) => all(type).length,
    at: (type, n) => all(type)[n] ?? missing(type, n),
    numberOf: (type, id) => numbers.get(type)?.get(id),
    updatedAtOf: (type, n) => (all(type)[n] ?? missing(type, n)).updatedAt,
    archived: (type) => all(type).flatMap((record, n) => (record.archivedAt === null ? [] : [n])),
    associations: (type, n) => links.get(`${type}/${all(type)[n]?.id}`) ?? [],
    merges: () => new Map(),
    properties: (type) => portal.properties?.[type] ?? inferProperties(all(type)),
    pipelines: (type) => portal.pipelines?.[type] ?? [],
    owners: () => portal.owners ?? [],
    schemas: () => portal.schemas ?? [],
    labels: () => labelsOf(portal),
  };
}

/** Ids are numbers of any length written as text. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

function toSource(record: MemoryRecord, anchor: number): SourceRecord {
  const createdAt = record.createdAt?.getTime() ?? anchor - 86_400_000;
  return {
    id: record.id,
    properties: record.properties ?? {},
    createdAt,
    updatedAt: record.updatedAt?.getTime() ?? createdAt,
    archivedAt: record.archivedAt?.getTime() ?? null,
    history: record.history ?? {},
  };
}

function linksOf(associations: readonly MemoryAssociation[]): Map<string, SourceAssociation[]> {
  const links = new Map<string, SourceAssociation[]>();
  const add = (
    from: readonly [string, string],
    to: readonly [string, string],
    typeId: number,
    label: string | undefined,
  ): void => {
    const key = from.join('/');
    const list = links.get(key) ?? [];
    links.set(key, list);
    const type = {
      category: label === undefined ? ('HUBSPOT_DEFINED' as const) : ('USER_DEFINED' as const),
      typeId,
      label: label ?? null,
    };
    const existing = list.findIndex((link) => link.toType === to[0] && link.toId === to[1]);
    const known = list[existing];
    if (known === undefined) list.push({ toType: to[0], toId: to[1], types: [type] });
    else list[existing] = { ...known, types: [...known.types, type] };
  };
  for (const { from, to, typeId, backTypeId, label } of associations) {
    add(from, to, typeId, label);
    add(to, from, backTypeId, label);
  }
  return links;
}

function labelsOf(portal: MemoryPortal): AssociationLabel[] {
  const used = (portal.associations ?? []).map(({ from, to, typeId, backTypeId, label }) => ({
    fromType: from[0],
    toType: to[0],
    typeId,
    backTypeId,
    label: label ?? null,
  }));
  const byId = new Map(
    [...used, ...(portal.labels ?? [])].map((one) => [`${one.fromType}/${one.typeId}`, one]),
  );
  return [...byId.values()].filter((one) => one.label !== null || one.fromType.startsWith('2-'));
}

function inferProperties(records: readonly SourceRecord[]): PropertyDefinition[] {
  const names = new Set(records.flatMap((record) => Object.keys(record.properties)));
  return [...names].map((name) => ({
    name,
    label: name,
    type: 'string',
    fieldType: 'text',
    groupName: 'test',
    calculated: false,
    options: [],
  }));
}

function missing(type: string, n: number): never {
  throw new RangeError(`There is no record ${n} of ${type}.`);
}

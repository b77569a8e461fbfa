import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { linksOf, PIPELINE_TYPES, STANDARD_TYPES } from '../../src/core/sync/object-types.ts';
import type { PropertyDefinition } from '../../src/core/hubspot-port.ts';
import type { Definitions } from '../../src/demo/fake/definitions.ts';
import { propertyOf } from '../../src/demo/fake/state.ts';
import type { FakeState } from '../../src/demo/fake/types.ts';
import type { PortalSource, SourceRecord } from '../../src/demo/source.ts';

/** What a mirror should hold, or holds, as lines that can be compared one by one. */
export interface MirrorContent {
  objects: string[];
  links: string[];
  definitions: string[];
}

const ALWAYS = [
  'hs_object_id',
  'hs_merged_object_ids',
  'hs_object_source_id',
  'createdate',
  'hs_lastmodifieddate',
  'lastmodifieddate',
];

/** What the portal behind the fake says the mirror must hold: read from its state, past HTTP and past our client. */
export function expectedContent(
  source: PortalSource,
  state: FakeState,
  options: { without?: readonly string[]; definitions?: Pick<Definitions, 'list'> } = {},
): MirrorContent {
  const propertiesOf = (type: string): readonly PropertyDefinition[] =>
    options.definitions?.list(type).map(asDefinition) ?? source.properties(type);

  const types = [...STANDARD_TYPES, ...source.schemas().map((schema) => schema.objectTypeId)].filter(
    (type) => options.without?.includes(type) !== true,
  );
  const objects: string[] = [];
  const links: string[] = [];
  const definitions: string[] = [];
  for (const type of types) {
    const names = [
      ...ALWAYS,
      ...propertiesOf(type).map((property) => property.name),
      ...stageNames(source, type),
    ];
    for (const record of [...state.all(type), ...state.all(type, true)]) {
      objects.push(objectLine(type, record, names));
    }
    for (const { id } of state.all(type)) {
      for (const toType of linksOf(type).filter((one) => types.includes(one))) {
        for (const link of state.associations(type, id, toType)) {
          for (const one of link.types) {
            links.push([type, id, toType, link.toId, one.category, one.typeId, one.label ?? ''].join('|'));
          }
        }
      }
    }
    for (const property of propertiesOf(type))
      definitions.push(definitionLine('property', type, property.name, property));
    for (const pipeline of source.pipelines(type))
      definitions.push(definitionLine('pipeline', type, pipeline.id, pipeline));
  }
  for (const owner of source.owners()) definitions.push(definitionLine('owner', '', owner.id, owner));
  for (const schema of source.schemas())
    definitions.push(definitionLine('schema', '', schema.objectTypeId, schema));
  const { portalId, timeZone, companyCurrency } = source;
  const account = { portalId, timeZone, companyCurrency, uiDomain: 'app.hubspot.com' };
  definitions.push(definitionLine('account', '', String(portalId), account));
  return { objects: objects.toSorted(), links: links.toSorted(), definitions: definitions.toSorted() };
}

// As the mirror keeps it: without what only the fake needs to know.
function asDefinition(property: PropertyDefinition): PropertyDefinition {
  const { name, label, type, fieldType, groupName, calculated, options } = property;
  return { name, label, type, fieldType, groupName, calculated, options };
}

function stageNames(source: PortalSource, type: string): string[] {
  if (!PIPELINE_TYPES.some((one) => one === type)) return [];
  const stages = source.pipelines(type).flatMap((pipeline) => pipeline.stages);
  return stages.flatMap(({ id }) => [`hs_v2_date_entered_${id}`, `hs_v2_date_exited_${id}`]);
}

function definitionLine(kind: string, type: string, id: string, document: object): string {
  return [kind, type, id, inOrder(document)].join('|');
}

/** A document as text, its names in order, so that equal ones are equal texts. */
function inOrder(document: unknown): string {
  return JSON.stringify(document, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

function objectLine(type: string, record: SourceRecord, names: readonly string[]): string {
  const modified = type === 'contacts' ? 'hs_lastmodifieddate' : 'lastmodifieddate';
  const values = Object.fromEntries(
    [...new Set(names)]
      .filter((name) => name !== modified)
      .toSorted()
      .flatMap((name) => {
        const value = propertyOf(type, record, name);
        return value === null ? [] : [[name, value]];
      }),
  );
  return [
    type,
    record.id,
    record.archivedAt === null ? 'live' : new Date(record.archivedAt).toISOString(),
    new Date(record.updatedAt).toISOString(),
    JSON.stringify(values),
  ].join('|');
}

/** The columns that make a version's line, as objectLine writes it. */
export const OBJECT_COLUMNS = `object_type, id,
  case when archived then strftime(archived_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') else 'live' end as state,
  strftime(updated_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as updated, properties::varchar as properties`;

/** What a mirror holds as open versions. Links of archived records are left out: HubSpot does not list them. */
export async function mirrorContent(db: DuckDBConnection): Promise<MirrorContent> {
  const objects = await texts(db, `select ${OBJECT_COLUMNS} from objects`);
  const links = await texts(
    db,
    `select a.from_type, a.from_id, a.to_type, a.to_id, a.category, a.type_id::varchar, coalesce(a.label, '')
     from associations a
     join objects f on f.object_type = a.from_type and f.id = a.from_id and not f.archived
     join objects t on t.object_type = a.to_type and t.id = a.to_id and not t.archived`,
  );
  const stored = await db.runAndReadAll('select kind, object_type, id, document::varchar from definitions');
  const definitions = stored.getRowsJS().map((row) => {
    const [kind = '', type = '', id = '', document = ''] = row.map(String);
    return definitionLine(kind, type, id, JSON.parse(document) as object);
  });
  return { objects, links, definitions: definitions.toSorted() };
}

/** The same of a warehouse file nobody has open. */
export async function fileContent(file: string): Promise<MirrorContent> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const db = await instance.connect();
  try {
    return await mirrorContent(db);
  } finally {
    db.closeSync();
    instance.closeSync();
  }
}

/** The first few lines in which two contents differ, for a message one can act on; empty when they are equal. */
export function differences(expected: MirrorContent, actual: MirrorContent): string[] {
  return (['objects', 'links', 'definitions'] as const).flatMap((part) => {
    const [want, have] = [new Set(expected[part]), new Set(actual[part])];
    const missing = expected[part].filter((line) => !have.has(line)).slice(0, 3);
    const extra = actual[part].filter((line) => !want.has(line)).slice(0, 3);
    const doubled = actual[part].length - have.size;
    return [
      ...missing.map((line) => `${part} misses ${line}`),
      ...extra.map((line) => `${part} has too many ${line}`),
      ...(doubled === 0 ? [] : [`${part} holds ${doubled} lines twice`]),
    ];
  });
}

/** The rows of a statement whose columns are texts, as lines in order. */
export async function texts(
  db: DuckDBConnection,
  sql: string,
  values: Record<string, string> = {},
): Promise<string[]> {
  const rows = (await db.runAndReadAll(sql, values)).getRowsJS();
  return rows.map((row) => row.map((value) => (typeof value === 'string' ? value : '')).join('|')).toSorted();
}

/** How many live records a published snapshot counts. */
export async function snapshotCounts(file: string): Promise<number> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const db = await instance.connect();
  try {
    const reader = await db.runAndReadAll('select coalesce(sum(live), 0)::integer as n from record_counts');
    return Number(reader.getRowObjectsJS()[0]?.['n']);
  } finally {
    db.closeSync();
    instance.closeSync();
  }
}

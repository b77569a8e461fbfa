import type { SourceRecord } from '../source.ts';
import type { RouteContext } from './context.ts';
import { defaultProperties, modifiedProperty } from './names.ts';
import { propertyOf, type InnerState } from './state.ts';

export interface Shown {
  properties: readonly string[];
  withHistory?: readonly string[];
  associations?: readonly string[];
}

/** A record as HubSpot sends it. Names that no property has are left out, as HubSpot does. */
export function toObject(
  { state, faults, definitions }: RouteContext,
  type: string,
  record: SourceRecord,
  { properties, withHistory = [], associations = [] }: Shown,
): Record<string, unknown> {
  const wanted =
    properties.length === 0
      ? [...defaultProperties(type), ...withHistory]
      : ['hs_object_id', 'createdate', modifiedProperty(type), ...properties, ...withHistory];
  const values: Record<string, string | null> = {};
  for (const name of wanted) {
    const value = propertyOf(type, record, name);
    if (value !== null || definitions.knows(type, name)) values[name] = value;
  }
  return {
    id: record.id,
    properties: values,
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
    archived: record.archivedAt !== null,
    ...(record.archivedAt === null ? {} : { archivedAt: new Date(record.archivedAt).toISOString() }),
    ...(withHistory.length === 0 ? {} : { propertiesWithHistory: historyOf(record, withHistory) }),
    ...(associations.length === 0 ? {} : { associations: inlined(state, type, record.id, associations) }),
    ...(faults.unknownFields ? { objectWriteTraceId: null, surprise: { nested: [1, 'two'] } } : {}),
  };
}

function historyOf(record: SourceRecord, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      (record.history[name] ?? []).map((version) => ({
        value: version.value,
        timestamp: new Date(version.at).toISOString(),
        sourceType: version.sourceType,
        sourceId: version.sourceId,
        updatedByUserId: version.userId,
      })),
    ]),
  );
}

/** HubSpot's most associations inside a list. */
const INLINED = 100;

function inlined(
  state: InnerState,
  type: string,
  id: string,
  toTypes: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(
    toTypes.map((toType) => {
      const links = state.associations(type, id, toType);
      const results = links
        .slice(0, INLINED)
        .flatMap((link) =>
          link.types.map((one) => ({ id: link.toId, type: one.label ?? `${type}_to_${toType}` })),
        );
      const last = links[INLINED - 1]?.toId;
      return [
        toType,
        {
          results,
          ...(links.length > INLINED ? { paging: { next: { after: last, link: `?after=${last}` } } } : {}),
        },
      ];
    }),
  );
}

/** The frame around the results of a batch. */
export function batchBody(
  results: readonly unknown[],
  errors: readonly unknown[] = [],
): Record<string, unknown> {
  return {
    status: 'COMPLETE',
    results,
    ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
    startedAt: '2026-01-01T00:00:00.000Z',
    completedAt: '2026-01-01T00:00:00.000Z',
  };
}

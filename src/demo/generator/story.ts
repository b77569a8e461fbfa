import type { SourceRecord, SourceVersion } from '../source.ts';

export type Value = string | number | boolean | null;

/** Something that happened to a record: from that moment on these properties have these values; null takes one away. */
export interface Change {
  at: number;
  set: Record<string, Value>;
}

/** A record as a builder tells it. */
export interface NewRecord {
  createdAt: number;
  properties: Record<string, Value>;
  changes?: readonly Change[];
  archivedAt?: number;
}

/** A record over time: what it was made with and, in order, every moment at which it became another. */
export interface RecordStory {
  id: string;
  createdAt: number;
  born: Record<string, string>;
  changes: readonly { at: number; set: Record<string, string> }[];
  archivedAt: number | null;
}

/** Properties whose history is worth telling. */
const REMEMBERED = new Set([
  'lifecyclestage',
  'hf_renewal_date',
  'hf_contract_value',
  'hf_left_company',
  'dealstage',
  'hs_pipeline_stage',
  'hs_invoice_status',
  'hs_meeting_outcome',
]);

/** Puts a record's changes in order and leaves out those that change nothing: whatever moves its date changes it. */
export function tell(id: string, record: NewRecord): RecordStory {
  const { createdAt } = record;
  const ordered = (record.changes ?? []).toSorted((a, b) => a.at - b.at);
  const early = ordered.filter((change) => change.at <= createdAt);
  const born = withoutEmpty(texts([record.properties, ...early.map((change) => change.set)]));
  const now: Record<string, string> = { ...born };
  const changes: { at: number; set: Record<string, string> }[] = [];
  for (const { at, set } of ordered.slice(early.length)) {
    const fresh = Object.entries(texts([set])).filter(([name, value]) => (now[name] ?? '') !== value);
    if (fresh.length === 0) continue;
    const different = Object.fromEntries(fresh);
    Object.assign(now, different);
    const last = changes.at(-1);
    if (last?.at === at) Object.assign(last.set, different);
    else changes.push({ at, set: different });
  }
  return { id, createdAt, born, changes, archivedAt: record.archivedAt ?? null };
}

/** When the record was last modified before a moment. */
export function modifiedBy({ createdAt, changes }: RecordStory, at: number): number {
  return changes.findLast((change) => change.at <= at)?.at ?? createdAt;
}

/** The record as it is at a moment, which must not lie before its creation. */
export function viewAt(story: RecordStory, at: number): SourceRecord {
  const { id, createdAt, born, archivedAt } = story;
  const past = story.changes.filter((change) => change.at <= at);
  const properties = past.length === 0 ? born : withoutEmpty(Object.assign({ ...born }, ...sets(past)));
  return {
    id,
    properties,
    createdAt,
    updatedAt: past.at(-1)?.at ?? createdAt,
    archivedAt: archivedAt !== null && archivedAt <= at ? archivedAt : null,
    history: historyOf(story, past),
  };
}

function sets(changes: RecordStory['changes']): Record<string, string>[] {
  return changes.map((change) => change.set);
}

function historyOf(story: RecordStory, past: RecordStory['changes']): Record<string, SourceVersion[]> {
  const history: Record<string, SourceVersion[]> = {};
  for (const { at, set } of [{ at: story.createdAt, set: story.born }, ...past]) {
    for (const [name, value] of Object.entries(set)) {
      if (!REMEMBERED.has(name)) continue;
      const version = { value, at, sourceType: 'CRM_UI', sourceId: null, userId: 1 };
      (history[name] ??= []).unshift(version);
    }
  }
  return history;
}

function texts(layers: readonly Record<string, Value>[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (const layer of layers)
    for (const [name, value] of Object.entries(layer)) all[name] = value === null ? '' : String(value);
  return all;
}

function withoutEmpty(values: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(values)) if (value === '') delete values[name];
  return values;
}

import type { CrmObject } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import type { Window } from './ledger.ts';
import { collectObjects, loadIncoming, type LoadOptions, type Place } from './load-objects.ts';

/** A segment is this many records at most: what a kill can make us read again. */
const SEGMENT_RECORDS = 2000;

/** What one type is read with, and who counts. */
export interface TypeRun {
  objectType: string;
  properties: readonly string[];
  /** the start of this run */
  startedAt: Date;
  onRead(count: number): void;
  onChanged(count: number): void;
}

/** The same run, whose versions are counted for a window of the ledger too. */
export function counted<Run extends TypeRun>(run: Run, window: Window): Run {
  return {
    ...run,
    onChanged: (count: number) => {
      run.onChanged(count);
      window.versions(count);
    },
  };
}

export interface Loader {
  add(records: readonly CrmObject[], place: Place): Promise<void>;
  /** Loads what is left; `also` goes into its transaction. */
  finish(place: Place, also?: LoadOptions['also']): Promise<void>;
}

/** Collects pages into segments and loads one while the next pages are already being fetched. */
export function createLoader(
  ctx: SyncContext,
  run: Pick<TypeRun, 'objectType' | 'onRead' | 'onChanged'>,
  { fromSearch = false }: Pick<LoadOptions, 'fromSearch'> = {},
): Loader {
  let incoming = collectObjects(ctx, run.objectType);
  let place: Place = {};
  let loading: Promise<void> = Promise.resolve();
  const flush = async (also?: LoadOptions['also']): Promise<void> => {
    await loading;
    const [batch, at] = [incoming, place];
    incoming = collectObjects(ctx, run.objectType);
    place = {};
    const options = { fromSearch, ...(also === undefined ? {} : { also }) };
    loading = loadIncoming(ctx, run.objectType, batch, at, options).then(run.onChanged);
    loading.catch(() => {}); // awaited before the next one starts, and in finish
  };
  return {
    add: async (page, at) => {
      await incoming.add(page);
      place = { ...place, ...at };
      run.onRead(page.length);
      if (incoming.ids.length >= SEGMENT_RECORDS) await flush();
    },
    finish: async (at, also) => {
      place = { ...place, ...at };
      if (incoming.ids.length > 0 || Object.keys(place).length > 0 || also !== undefined) await flush(also);
      await loading;
    },
  };
}

import { AppError } from '../errors.ts';
import type { ListPage } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import type { TypeRun } from './loader.ts';

const MOST_EMPTY_PAGES = 20;

/** Every page of the list of live records, or of the recycle bin, from behind a cursor. */
export async function listPages(
  ctx: SyncContext,
  {
    objectType,
    properties,
    archived = false,
  }: Pick<TypeRun, 'objectType' | 'properties'> & { archived?: boolean },
  from: string | null,
  take: (page: ListPage) => Promise<void>,
): Promise<void> {
  const emptyPages = createEmptyPageGuard(objectType);
  let after = from;
  do {
    ctx.signal.throwIfAborted();
    const page: ListPage = await ctx.hubspot.list(
      { objectType, properties, archived, ...(after === null ? {} : { after }) },
      { signal: ctx.signal },
    );
    // An empty page whose cursor moves on is one more page; the same cursor again and again would never end.
    emptyPages.again(page.results.length, page.after !== null && page.after === after);
    ({ after } = page);
    await take(page);
  } while (after !== null);
}

/** A page without rows that says there is more is asked for again, a bounded number of times. */
export function createEmptyPageGuard(objectType: string): { again(rows: number, more: boolean): boolean } {
  let met = 0;
  return {
    again: (rows, more) => {
      if (rows > 0 || !more) return false;
      met += 1;
      if (met > MOST_EMPTY_PAGES) {
        throw new AppError(
          'upstream',
          `HubSpot keeps answering empty pages of ${objectType}. Nothing is lost; the next sync tries again.`,
        );
      }
      return true;
    },
  };
}

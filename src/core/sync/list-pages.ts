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
  const emptyPages = createEmptyPages(objectType);
  let after = from;
  do {
    ctx.signal.throwIfAborted();
    const page: ListPage = await ctx.hubspot.list(
      { objectType, properties, archived, ...(after === null ? {} : { after }) },
      { signal: ctx.signal },
    );
    const isSame = page.after !== null && page.after === after;
    // An empty page whose cursor moves on is one more page; the same cursor again and again would never end.
    emptyPages.askAgain(page.results.length, isSame);
    if (isSame && page.results.length > 0) throw circles(objectType);
    ({ after } = page);
    await take(page);
  } while (after !== null);
}

function circles(objectType: string): AppError {
  return new AppError(
    'upstream',
    `HubSpot answers the same page of ${objectType} again and again. Nothing is lost; the next sync tries again.`,
  );
}

/** Pages without rows that say that there is more: one is asked for again, a bounded number of times. */
export interface EmptyPages {
  /** Whether to ask for the page again; throws when that has not helped so often that it will not. */
  askAgain(rows: number, more: boolean): boolean;
  /** The same, for who has another way: says `hopeless` in place of throwing. */
  met(rows: number, more: boolean): 'rows' | 'again' | 'hopeless';
}

export function createEmptyPages(objectType: string): EmptyPages {
  let count = 0;
  const met: EmptyPages['met'] = (rows, more) => {
    if (rows > 0 || !more) return 'rows';
    count += 1;
    return count > MOST_EMPTY_PAGES ? 'hopeless' : 'again';
  };
  return {
    met,
    askAgain: (rows, more) => {
      const what = met(rows, more);
      if (what !== 'hopeless') return what === 'again';
      throw new AppError(
        'upstream',
        `HubSpot keeps answering empty pages of ${objectType}. Nothing is lost; the next sync tries again.`,
      );
    },
  };
}

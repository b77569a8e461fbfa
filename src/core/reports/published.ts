import type { DuckDBConnection } from '@duckdb/node-api';
import { LRUCache } from 'lru-cache';
import type { Snapshots } from '../../warehouse/snapshots.ts';
import type { PortalId } from '../actor.ts';
import type { WebContext } from '../web-context.ts';

const MOST_KEPT = 200;
const kept = new WeakMap<Snapshots, LRUCache<string, Promise<object>>>();

/**
 * What `compute` makes of the published tables, kept in memory as long as they are the published ones: they never change, so the same `key`
 * always has the same answer. Null before the first publish. A failure is not kept.
 */
export async function fromPublished<T extends object>(
  { current, snapshots }: Pick<WebContext, 'current' | 'snapshots'>,
  portal: PortalId,
  key: string,
  compute: (db: DuckDBConnection) => Promise<T>,
): Promise<T | null> {
  const published = await current.of(portal);
  if (published === null) return null;
  const answers = kept.get(snapshots) ?? new LRUCache({ max: MOST_KEPT });
  kept.set(snapshots, answers);
  const { name } = published.snapshot;
  const at = `${portal} ${name} ${key}`;
  const known = answers.get(at);
  // Kept under the key of its own computation, so it is of its type.
  if (known !== undefined) return (await known) as T;
  const asked = snapshots.read(portal, name, compute);
  answers.set(at, asked);
  asked.catch(() => answers.delete(at));
  return asked;
}

import { isDeepStrictEqual } from 'node:util';
import { appendAudit } from '../../store/audit.ts';
import { addMapping, mappingAt } from '../../store/mappings.ts';
import type { Store } from '../../store/sql.ts';
import type { Actor } from '../actor.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { portalClockOf } from '../portals/demo-view.ts';
import { parseMapping } from './mapping.ts';
import { mappingChanges } from './mapping-changes.ts';
import { refuseWhileFileRules, type MappingFile } from './mapping-file.ts';

export interface MappingSet {
  version: number;
  /** false when it is the one that is in force already */
  isNew: boolean;
}

/**
 * Stores a mapping as the portal's next version; the tables are computed with it once they are built anew. `after` is the version it was
 * made from, where that is known: a change that somebody else made meanwhile is not overwritten. Throws AppError `invalid` for a mapping that cannot
 * be used, and `conflict`.
 */
export async function setMapping(
  ctx: { store: Store; clock: Clock; mappingFile?: MappingFile | undefined },
  actor: Actor,
  { document, after }: { document: unknown; after: number | null },
): Promise<MappingSet> {
  if (actor.role !== 'admin') throw new AppError('forbidden', 'Only an admin may change the mapping.');
  refuseWhileFileRules(ctx.mappingFile, actor.portal);
  const mapping = parseMapping(document);
  const at = ctx.clock.now();
  const knownFrom = (await portalClockOf(ctx, actor.portal)).now();
  return ctx.store.tx(async (sql) => {
    const stored = await mappingAt(sql, actor.portal, knownFrom);
    const version = stored?.version ?? 0;
    if (after !== null && after !== version) throw changedMeanwhile();
    const before = stored === null ? null : parseMapping(stored.document);
    if (before !== null && isDeepStrictEqual(before, mapping)) return { version, isNew: false };
    const next = { document: mapping, author: actor.user, after: version };
    if (!(await addMapping(sql, actor.portal, next, knownFrom))) throw changedMeanwhile();
    await appendAudit(sql, actor, at, {
      action: 'mapping.set',
      subject: String(version + 1),
      details: { changes: before === null ? 0 : mappingChanges(before, mapping).length },
    });
    return { version: version + 1, isNew: true };
  });
}

function changedMeanwhile(): AppError {
  return new AppError(
    'conflict',
    'Somebody else changed the mapping meanwhile. Look at the newest version, then make your change in it.',
  );
}

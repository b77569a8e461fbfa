import { z } from 'zod';
import { parseMapping } from '../core/accounts/mapping.ts';
import type { MappingFile } from '../core/accounts/mapping-file.ts';
import { describeChange } from '../core/accounts/mapping-changes.ts';
import { mappingVersions } from '../core/accounts/mapping-versions.ts';
import { setMapping } from '../core/accounts/set-mapping.ts';
import { systemClock } from '../core/clock.ts';
import type { Actor, PortalId } from '../core/actor.ts';
import { AppError } from '../core/errors.ts';
import { mappingAt } from '../store/mappings.ts';
import type { Store } from '../store/sql.ts';

/** What `holdfast mapping` is asked to do, as it travels to a running product. */
export const MappingAsked = z.discriminatedUnion('action', [
  z.object({ action: z.enum(['show', 'versions', 'propose']), portal: z.string().nullable() }),
  z.object({ action: z.enum(['check', 'set']), portal: z.string().nullable(), document: z.unknown() }),
]);
export type MappingAsked = z.output<typeof MappingAsked>;

/** What carries it out; the worker's part is done by jobs while the product runs, and here while it does not. */
export interface MappingParts {
  store: Store;
  mappingFile: MappingFile | undefined;
  tryMapping(portal: PortalId, document: unknown): Promise<unknown>;
  propose(portal: PortalId): Promise<unknown>;
  rebuild(portal: PortalId): Promise<void>;
}

/** One version as programs and people read it. */
export const VersionLine = z.object({
  version: z.number(),
  author: z.string(),
  knownFrom: z.string(),
  changes: z.array(z.string()),
});

export async function carryOutMapping(
  parts: MappingParts,
  portal: PortalId,
  asked: MappingAsked,
): Promise<unknown> {
  const { store } = parts;
  switch (asked.action) {
    case 'show': {
      const stored = await mappingAt(store, portal, systemClock.now());
      if (stored === null) throw noMapping(portal);
      return parseMapping(stored.document);
    }
    case 'versions':
      return (await mappingVersions(store, portal)).map(({ version, authorName, knownFrom, changes }) => ({
        version,
        author: authorName,
        knownFrom: knownFrom.toISOString(),
        changes: changes.map(describeChange),
      }));
    case 'propose':
      return parts.propose(portal);
    case 'check':
      return parts.tryMapping(portal, parseMapping(asked.document));
    case 'set': {
      const actor: Actor = { portal, user: 'command', role: 'admin', via: 'command' };
      const set = await setMapping({ ...parts, clock: systemClock }, actor, {
        document: asked.document,
        after: null,
      });
      if (set.isNew) await parts.rebuild(portal);
      return set;
    }
  }
}

function noMapping(portal: PortalId): AppError {
  return new AppError(
    'not_found',
    `The portal ${portal} has no mapping yet. The first sync proposes one; or store your own: holdfast mapping set <file>`,
  );
}

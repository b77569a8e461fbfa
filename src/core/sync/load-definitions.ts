import { rm } from 'node:fs/promises';
import type { SyncContext } from './context.ts';
import { writeSegment } from './segment.ts';

export interface Definition {
  kind: 'property' | 'pipeline' | 'owner' | 'schema' | 'account';
  objectType: string;
  id: string;
  document: unknown;
}

/**
 * Brings all definitions of some kinds and types into the mirror: changed ones get a new version, vanished ones are closed
 * and kept, so that history keeps its labels. `scopes` says what was read whole. Answers how many versions were added or closed.
 */
export async function loadDefinitions(
  ctx: SyncContext,
  scopes: readonly { kind: Definition['kind']; objectType: string }[],
  definitions: readonly Definition[],
): Promise<number> {
  const scopeLines = scopes.map(({ kind, objectType }) => JSON.stringify({ kind, object_type: objectType }));
  const lines = definitions.map(({ kind, objectType, id, document }, seq) =>
    JSON.stringify({ kind, object_type: objectType, id, document, seq }),
  );
  const { file, size } = await writeSegment(ctx, 'definitions', [...scopeLines, ...lines]);
  const at = ctx.portalClock.now().toISOString();
  const changed = await ctx.warehouse.write(async (db) => {
    await db.run(
      // An owner that is deactivated while the lists are read stands in both: the later word counts.
      `create or replace temp table incoming as
       select kind, object_type, id, last(document order by seq) as document
       from read_json($file, format = 'newline_delimited', maximum_object_size = $size, columns = {kind: 'VARCHAR', object_type: 'VARCHAR', id: 'VARCHAR', document: 'JSON', seq: 'INTEGER'})
       group by all`,
      { file, size },
    );
    await db.run(
      `create or replace temp table closing as
       select d.* from definitions d
       semi join (select distinct kind, object_type from incoming where id is null) scope using (kind, object_type)
       left join incoming i on i.kind = d.kind and i.object_type = d.object_type and i.id = d.id
       where i.id is null or i.document::varchar <> d.document::varchar`,
    );
    const closed = await db.run(
      'insert into definition_versions by name select *, greatest($at::timestamptz, known_from) as known_to from closing',
      { at },
    );
    await db.run(
      'delete from definitions d using closing c where c.kind = d.kind and c.object_type = d.object_type and c.id = d.id',
    );
    const added = await db.run(
      `insert into definitions by name
       select i.*, greatest($at::timestamptz, last.known_to) as known_from from incoming i
       anti join definitions d on d.kind = i.kind and d.object_type = i.object_type and d.id = i.id
       left join (select kind, object_type, id, max(known_to) as known_to from definition_versions group by all) last
         on last.kind = i.kind and last.object_type = i.object_type and last.id = i.id
       where i.id is not null`,
      { at },
    );
    await db.run('drop table incoming; drop table closing;');
    return closed.rowsChanged + added.rowsChanged;
  });
  ctx.failpoint('definitions-committed');
  await rm(file, { force: true });
  return changed;
}

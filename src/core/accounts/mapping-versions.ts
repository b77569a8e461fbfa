import { listMappings } from '../../store/mappings.ts';
import { listPeople } from '../../store/people.ts';
import type { Sql } from '../../store/sql.ts';
import type { PortalId } from '../actor.ts';
import { parseMapping } from './mapping.ts';
import { mappingChanges, type MappingChange } from './mapping-changes.ts';

/** One version of a mapping: who stored it, when, and what it changed. */
export interface MappingVersion {
  version: number;
  /** proposed, file, import, command, or a person's id */
  author: string;
  /** the person's name; the author itself where it is none that is here */
  authorName: string;
  knownFrom: Date;
  /** against the version before; empty for the first */
  changes: MappingChange[];
}

/** Every version of a portal's mapping, the newest first. */
export async function mappingVersions(sql: Sql, portal: PortalId): Promise<MappingVersion[]> {
  const [rows, people] = await Promise.all([listMappings(sql, portal), listPeople(sql, portal)]);
  const names = new Map(people.map((person) => [person.id, person.name]));
  return rows.map(({ version, author, knownFrom, document }, at) => {
    const before = rows[at + 1];
    return {
      version,
      author,
      authorName: names.get(author) ?? author,
      knownFrom,
      changes:
        before === undefined ? [] : mappingChanges(parseMapping(before.document), parseMapping(document)),
    };
  });
}

import type { PortalId, Role } from '../core/actor.ts';
import type { Sql } from './sql.ts';

export interface Person {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  createdAt: Date;
}

interface PersonRow {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  created_at: Date;
}

const COLUMNS = 'id, name, email, role, created_at';

export async function addPerson(
  sql: Sql,
  portal: PortalId,
  person: { name: string; email: string | null; role: Role },
  at: Date,
): Promise<Person> {
  const [row] = await sql.query<PersonRow>(
    `insert into holdfast.people (portal_id, name, email, role, created_at) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
    [portal, person.name, person.email, person.role, at],
  );
  if (row === undefined) throw new Error('the person was not kept');
  return toPerson(row);
}

/** The person with this id, who is added where there is none; null where somebody removed them. */
export async function ensurePersonAs(
  sql: Sql,
  portal: PortalId,
  person: { id: string; name: string; role: Role },
  at: Date,
): Promise<Person | null> {
  await sql.query(
    `insert into holdfast.people (portal_id, id, name, role, created_at) values ($1, $2, $3, $4, $5)
     on conflict (portal_id, id) do nothing`,
    [portal, person.id, person.name, person.role, at],
  );
  return getPerson(sql, portal, person.id);
}

export async function listPeople(sql: Sql, portal: PortalId): Promise<Person[]> {
  const rows = await sql.query<PersonRow>(
    `select ${COLUMNS} from holdfast.people where portal_id = $1 and removed_at is null order by created_at, id`,
    [portal],
  );
  return rows.map(toPerson);
}

export async function getPerson(sql: Sql, portal: PortalId, id: string): Promise<Person | null> {
  const [row] = await sql.query<PersonRow>(
    `select ${COLUMNS} from holdfast.people where portal_id = $1 and id = $2 and removed_at is null`,
    [portal, id],
  );
  return row === undefined ? null : toPerson(row);
}

export async function findPersonByEmail(sql: Sql, portal: PortalId, email: string): Promise<Person | null> {
  const [row] = await sql.query<PersonRow>(
    `select ${COLUMNS} from holdfast.people where portal_id = $1 and lower(email) = lower($2) and removed_at is null`,
    [portal, email],
  );
  return row === undefined ? null : toPerson(row);
}

/**
 * Puts whoever changes a portal's people in line until the transaction ends, so that of two at once neither counts what the other is
 * changing: the last admin cannot vanish, and the first is not made twice.
 */
export async function lockPeople(sql: Sql, portal: PortalId): Promise<void> {
  await sql.query('select id from holdfast.portals where id = $1 for update', [portal]);
}

/** How many admins the portal has; take `lockPeople` before. */
export async function countAdmins(sql: Sql, portal: PortalId): Promise<number> {
  const rows = await sql.query(
    `select id from holdfast.people where portal_id = $1 and role = 'admin' and removed_at is null`,
    [portal],
  );
  return rows.length;
}

export async function setRole(sql: Sql, portal: PortalId, id: string, role: Role): Promise<void> {
  await sql.query('update holdfast.people set role = $3 where portal_id = $1 and id = $2', [
    portal,
    id,
    role,
  ]);
}

/** Removes a person: the row stays for the trail, without the address. */
export async function removePerson(sql: Sql, portal: PortalId, id: string, at: Date): Promise<void> {
  await sql.query(
    'update holdfast.people set removed_at = $3, email = null where portal_id = $1 and id = $2',
    [portal, id, at],
  );
}

function toPerson(row: PersonRow): Person {
  return { id: row.id, name: row.name, email: row.email, role: row.role, createdAt: row.created_at };
}

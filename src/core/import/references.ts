import { z } from 'zod';
import type { ImportContext } from './context.ts';
import type { FilePlan } from './check-files.ts';
import type { LoadableRow, RejectedRow } from './make-row.ts';
import { quote } from './values.ts';

/** Which accounts and contracts rows may speak of: those of the portal, and those that this import has brought so far. */
export interface References {
  /** A rejection where the row speaks of something unknown, or is an account or contract that another row already is. */
  check(row: LoadableRow, kind: string, objectId: string): RejectedRow | null;
  /** Notes what a loaded row is, for the rows that speak of it. */
  add(row: LoadableRow, kind: string, objectId: string): void;
  /** Sentences about what could not be checked. */
  notes: string[];
}

interface Target {
  word: 'account' | 'contract';
  kind: 'accounts' | 'contracts';
  /** from what rows write to the id of the stored row */
  known: Map<string, string>;
  isChecked: boolean;
  valueOf(row: LoadableRow): string | null;
}

const KNOWN = {
  account: `
    select properties ->> 'account_id' as name, id from objects
    where object_type = 'import_accounts' and not archived and (properties ->> 'account_id') is not null
    union all
    select id, id from objects where object_type = 'companies' and not archived
    union all
    select unnest(string_split(properties ->> 'hs_merged_object_ids', ';')), id from objects
    where object_type = 'companies' and not archived and (properties ->> 'hs_merged_object_ids') <> ''`,
  contract: `
    select properties ->> 'contract_id' as name, id from objects
    where object_type = 'import_contracts' and not archived and (properties ->> 'contract_id') is not null`,
} as const;

const KnownRows = z.array(z.tuple([z.string(), z.string()]));

/** Reads what is known. Where neither the portal nor the mapping has accounts (or contracts), nothing can be unknown. */
export async function readReferences(ctx: ImportContext, plans: readonly FilePlan[]): Promise<References> {
  const accounts: Target = {
    word: 'account',
    kind: 'accounts',
    ...(await readKnown(ctx, plans, 'account')),
    valueOf: (row) => row.account,
  };
  const contracts: Target = {
    word: 'contract',
    kind: 'contracts',
    ...(await readKnown(ctx, plans, 'contract')),
    valueOf: (row) => row.contract,
  };
  const targets = [accounts, contracts];
  return {
    notes: targets.filter((target) => !target.isChecked && isSpokenOf(target, plans)).map(noteOf),
    check: (row, kind, objectId) => {
      for (const target of targets) {
        const value = target.valueOf(row);
        if (value === null) continue;
        const stored = target.known.get(value);
        if (kind === target.kind) {
          if (stored !== undefined && stored !== objectId) return doubled(row, target.word, value, stored);
        } else if (target.isChecked && stored === undefined) return unknown(row, target.word, value);
      }
      return null;
    },
    add: (row, kind, objectId) => {
      const target = targets.find((one) => one.kind === kind);
      const value = target?.valueOf(row) ?? null;
      if (value !== null) target?.known.set(value, objectId);
    },
  };
}

function isSpokenOf({ word, kind }: Target, plans: readonly FilePlan[]): boolean {
  return plans.some(({ mapping }) => mapping.kind !== kind && `${word}_id` in mapping.columns);
}

function noteOf({ word, kind }: Target): string {
  return `Nobody says which ${kind} there are, so no row was rejected for an unknown ${word}; map a file as ${kind} to check them.`;
}

function unknown(row: LoadableRow, word: Target['word'], value: string): RejectedRow {
  return {
    state: 'rejected',
    id: row.id,
    field: `${word}_id`,
    reason: `unknown_${word}`,
    detail: `no ${word} ${quote(value)} is known; its own row may be missing or rejected`,
  };
}

// Two rows that are one account would count everything of that account twice.
function doubled(row: LoadableRow, word: Target['word'], value: string, stored: string): RejectedRow {
  return {
    state: 'rejected',
    id: row.id,
    field: `${word}_id`,
    reason: 'duplicate_id',
    detail: `the ${word} ${quote(value)} is there already, as ${quote(stored)}; where one file follows another, give their sections the same name`,
  };
}

async function readKnown(
  ctx: ImportContext,
  plans: readonly FilePlan[],
  word: Target['word'],
): Promise<{ known: Map<string, string>; isChecked: boolean }> {
  const rows = await ctx.warehouse.read(async (db) => (await db.runAndReadAll(KNOWN[word])).getRowsJS());
  const known = new Map(KnownRows.parse(rows));
  return { known, isChecked: known.size > 0 || plans.some(({ mapping }) => mapping.kind === `${word}s`) };
}

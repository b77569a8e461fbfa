import { expect } from 'vitest';
import type { FakeState } from '../../../src/demo/fake/types.ts';
import { syncBench, type SyncBench } from '../../support/sync.ts';
import { loadStaging, martRows, type MartRow } from './run-marts.ts';

export const TIME_ZONE = 'Europe/Berlin';

/** The generated portal in a real warehouse, and its marts as known at any moment. */
export interface DemoPortal {
  bench: SyncBench;
  state: FakeState;
  /** syncs an hour later; answers the moment from which everything is known */
  sync: () => Promise<Date>;
  rows: (mart: string, knownAt: Date) => Promise<MartRow[]>;
}

export async function demoPortal(): Promise<DemoPortal> {
  const bench = await syncBench({ accounts: 60 });
  return {
    bench,
    state: bench.fake.state,
    sync: async () => {
      await bench.clock.advance(3_600_000);
      const result = await bench.sync();
      expect(result.state).toBe('complete');
      return bench.clock.now();
    },
    rows: (mart, knownAt) =>
      bench.warehouse.alone(async (db) => {
        await loadStaging(db, { knownAt, today: dayIn(knownAt.getTime()) });
        return martRows(db, mart);
      }),
  };
}

/** The calendar day of a moment in a time zone. */
export function dayIn(moment: number, timeZone: string = TIME_ZONE): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(moment);
}

/** The account that a record of the fake belongs to, worked out from the fake's own links. */
export function accountOf(
  state: FakeState,
  type: string,
  id: string,
): { account_id: string | null; via: string | null } {
  const companies = state.associations(type, id, 'companies');
  const primary = companies.find((link) => link.types.some(({ typeId }) => [1, 5, 26].includes(typeId)));
  const ofContacts = state
    .associations(type, id, 'contacts')
    .flatMap((link) => primaryCompany(state, link.toId) ?? []);
  if (companies.length > 0) {
    const ids = companies.map((link) => link.toId);
    return { account_id: primary?.toId ?? mostNamed(ids, ofContacts), via: 'company' };
  }
  if (ofContacts.length > 0) return { account_id: mostNamed(ofContacts, ofContacts), via: 'contact' };
  for (const [parent, via] of [
    ['tickets', 'ticket'],
    ['deals', 'deal'],
  ] as const) {
    for (const link of state.associations(type, id, parent)) {
      const { account_id } = accountOf(state, parent, link.toId);
      if (account_id !== null) return { account_id, via };
    }
  }
  return { account_id: null, via: null };
}

function primaryCompany(state: FakeState, contact: string): string | undefined {
  const links = state.associations('contacts', contact, 'companies');
  const primary = links.find((link) =>
    link.types.some((one) => one.category === 'HUBSPOT_DEFINED' && one.typeId === 1),
  );
  return (primary ?? links[0])?.toId;
}

// The one of these that the votes name most often, the smallest id among equals.
function mostNamed(ids: readonly string[], votes: readonly string[]): string | null {
  const count = (id: string): number => votes.filter((vote) => vote === id).length;
  const [best] = [...new Set(ids)].toSorted((a, b) => count(b) - count(a) || Number(a) - Number(b));
  return best ?? null;
}

/** A record's links to contacts, as ids in ascending order. */
export function contactsOf(state: FakeState, type: string, id: string): string[] {
  return state.associations(type, id, 'contacts').map((link) => link.toId);
}

export function byKey<Row extends MartRow>(rows: readonly Row[], key: string): Row[] {
  return rows.toSorted((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1));
}

/** Every key is there once, and the accounts' rows with those that reach none are all of them. */
export function expectWhole(rows: readonly MartRow[], key: (row: MartRow) => string, all: number): void {
  expect(new Set(rows.map(key)).size).toBe(rows.length);
  const perAccount = Map.groupBy(rows, (row) => row['account_id']);
  const named = [...perAccount].filter(([account]) => account !== null);
  const without = perAccount.get(null) ?? [];
  expect(named.reduce((sum, [, list]) => sum + list.length, 0) + without.length).toBe(all);
}

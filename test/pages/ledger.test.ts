import request, { type Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLedger } from '../../src/commands/doctor-sync.ts';
import type { PortalId } from '../../src/core/actor.ts';
import { getLedger, Ledger } from '../../src/core/portals/ledger-view.ts';
import { STANDARD_TYPES } from '../../src/core/sync/object-types.ts';
import { saveSyncLedger } from '../../src/store/sync-ledgers.ts';
import type { FakeHubSpot } from '../../src/demo/fake/server.ts';
import {
  addPortal,
  NOON,
  openTestWeb,
  signedInAs,
  startSmallHubSpot,
  syncFrom,
  type TestPerson,
  type TestWeb,
} from '../support/web.ts';

let test: TestWeb;
let fake: FakeHubSpot;
let filled: PortalId;
let analyst: TestPerson;

beforeAll(async () => {
  test = await openTestWeb();
  filled = await addPortal(test, 'filled');
  analyst = await signedInAs(test, filled, 'analyst', 'Ann Analyst');
  fake = await startSmallHubSpot(45);
  fake.faults.missingScopes.set('crm.objects.invoices.read', 0);
  await syncFrom(test, filled, fake);
});
afterAll(async () => {
  await fake.close();
  await test.close();
});

function get(who: TestPerson): Promise<Response> {
  return request(test.app).get('/sync').set('Cookie', who.cookie);
}

/** What a person reads: without markup, blanks as one. */
function words(page: Response): string {
  const main = /<main[\s\S]*<\/main>/.exec(page.text)?.[0] ?? '';
  return main.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}

async function ledgerOf(portal: PortalId): Promise<Ledger> {
  return Ledger.parse(await getLedger(test, portal));
}

describe('whether everything is here', () => {
  it('is said type by type, with HubSpot’s count beside ours and what could not be read', async () => {
    const ledger = await ledgerOf(filled);
    expect(ledger.state).toBe('complete');
    expect(ledger.rows.map((row) => row.objectType)).toEqual(expect.arrayContaining([...STANDARD_TYPES]));
    for (const row of ledger.rows) {
      const live = [...fake.state.all(row.objectType)].length;
      const expected = row.objectType === 'invoices' ? [null, null, 'refused'] : [live, live, 'complete'];
      expect([row.objectType, row.hubspotTotal, row.live, row.state]).toEqual([row.objectType, ...expected]);
    }
    expect(ledger.rows.slice(0, STANDARD_TYPES.length).map((row) => row.objectType)).toEqual(STANDARD_TYPES);
    expect(ledger.rows.at(-1)?.label).toBe('Product use');
    const companies = ledger.rows.find((row) => row.objectType === 'companies');
    const load = companies?.windows.find((window) => window.pass === 'load');
    // one call counts, each page is one
    const calls = 1 + Math.ceil((companies?.live ?? 0) / 100);
    expect(load).toMatchObject({
      total: companies?.live,
      landed: companies?.live,
      requests: calls,
      retries: 0,
    });
    const page = words(await get(analyst));
    expect(page).toContain('as many here as HubSpot counts');
    expect(page).toContain('crm.objects.invoices.read');
    expect(page).not.toContain('undefined');
  });

  it('names the records in which the two differ, and the terminal says the same', async () => {
    const kept = await ledgerOf(filled);
    const differing = await addPortal(test, 'differing');
    const person = await signedInAs(test, differing, 'leader', 'Lea Leader');
    const types = kept.rows
      .filter((row) => row.state === 'complete')
      .map(({ windows: _windows, differences: _differences, reason: _reason, ...row }) =>
        row.objectType === 'deals' ? { ...row, state: 'differs', differing: 2 } : row,
      );
    const differences = [
      { objectType: 'deals', id: '17', kind: 'missing_here' },
      { objectType: 'deals', id: '18', kind: 'missing_there' },
    ];
    await saveSyncLedger(test.store, differing, { types, windows: [], differences, differing: 2 }, NOON);
    const page = words(await get(person));
    expect(page).toContain('1 kind differs');
    expect(page).toMatch(/17 *: HubSpot’s search has it, and it is not here/);
    expect(page).toMatch(/18 *: it is here as live/);
    const lines = describeLedger(await ledgerOf(differing));
    expect(lines).toContain('deals 17 is at HubSpot and not here.');
    expect(lines.at(-1)).toMatch(/^Not complete: 1 kind differs\. Run holdfast sync --full/);
    expect(describeLedger(kept).at(-1)).toMatch(/^Complete: [\d,]+ live records of \d+ kinds/);
  });

  it('is not guessed: nothing counted yet, and nothing to count against, are said as that', async () => {
    const empty = await addPortal(test, 'empty');
    const admin = await signedInAs(test, empty, 'admin', 'Al Admin');
    expect(words(await get(admin))).toContain('Not counted yet');
    const imported = await addPortal(test, 'imported', 'import');
    const other = await signedInAs(test, imported, 'admin', 'Al Admin');
    expect(words(await get(other))).toContain('Nothing to compare with');
    expect(describeLedger(null)[0]).toMatch(/Nothing was counted yet/);
    expect(await getLedger(test, empty)).toBeNull();
  });

  it('is for those who look after the data, not for account managers', async () => {
    const manager = await signedInAs(test, filled, 'manager', 'Mo Manager');
    expect((await get(manager)).status).toBe(403);
  });
});

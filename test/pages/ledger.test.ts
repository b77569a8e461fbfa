import request, { type Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLedger } from '../../src/commands/doctor-sync.ts';
import type { PortalId } from '../../src/core/actor.ts';
import { getLedger, Ledger } from '../../src/core/portals/ledger-view.ts';
import type { LedgerType } from '../../src/core/sync/ledger-document.ts';
import { STANDARD_TYPES } from '../../src/core/sync/object-types.ts';
import type { SyncResult } from '../../src/core/sync/progress.ts';
import { saveSyncLedger } from '../../src/store/sync-ledgers.ts';
import { markSyncFinished, markSyncStarted } from '../../src/store/sync-status.ts';
import type { FakeHubSpot } from '../../src/demo/fake/server.ts';
import { resultOf, typeResult } from '../support/sync-documents.ts';
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

/** Keeps a ledger in which companies and contacts are complete, with more of the latter, and how the last run ended. */
async function keep(
  portal: PortalId,
  contacts: Partial<LedgerType>,
  result: Partial<SyncResult>,
): Promise<void> {
  const of = (objectType: string, checkedAt: string): LedgerType => ({
    objectType,
    label: null,
    checkedAt,
    hubspotTotal: 7,
    live: 7,
    archived: 0,
    merged: 0,
    purged: 0,
    state: 'complete',
    differing: 0,
    sweptAt: checkedAt,
    linksAt: checkedAt,
    linksDue: 0,
    linksSkipped: [],
    linksRefused: [],
  });
  const types = [
    of('companies', '2026-02-02T08:00:00.000Z'),
    { ...of('contacts', '2026-02-01T08:00:00.000Z'), ...contacts },
  ];
  await saveSyncLedger(test.store, portal, { types, windows: [], differences: [], differing: 0 }, NOON);
  await markSyncStarted(test.store, portal, NOON);
  await markSyncFinished(test.store, portal, NOON, resultOf(result), false);
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

  it('is not known after a run that did not come to its end, whatever was counted before', async () => {
    const stopped = await addPortal(test, 'stopped');
    const person = await signedInAs(test, stopped, 'analyst', 'Ann Analyst');
    await keep(
      stopped,
      {},
      {
        state: 'stopped',
        sentence: 'The daily quota is used up.',
        resumesAt: '2026-03-02T23:00:00Z',
        types: [
          typeResult('companies', { state: 'done' }),
          typeResult('contacts', { state: 'unfinished' }),
          typeResult('tickets', { state: 'unfinished' }),
        ],
      },
    );
    const ledger = await ledgerOf(stopped);
    expect(ledger.state).toBe('unknown');
    expect(ledger.rows.map((row) => [row.objectType, row.state])).toEqual([
      ['companies', 'complete'],
      ['contacts', 'complete'],
      ['tickets', 'unknown'],
    ]);
    const page = words(await get(person));
    expect(page).toContain('The last sync did not come to its end');
    expect(page).toContain('The daily quota is used up.');
    expect(page).toContain('It goes on after');
    const lines = describeLedger(ledger);
    expect(lines).toContain('The daily quota is used up.');
    expect(lines).toContain('The next sync can go on at 2026-03-02T23:00:00Z.');
    expect(lines).toContain('The oldest count is that of contacts, at 2026-02-01T08:00:00.000Z.');
    expect(lines.at(-1)).toMatch(/^Not known: the last sync did not come to its end/);
    await keep(stopped, {}, { state: 'failed', sentence: 'HubSpot refused the access token.', types: [] });
    expect((await ledgerOf(stopped)).state).toBe('unknown');
    expect(words(await get(person))).toContain('HubSpot refused the access token.');
  });

  it('is not said while links are left, be they failed or kept from us, nor what else was refused passed over', async () => {
    const lacking = await addPortal(test, 'lacking');
    const person = await signedInAs(test, lacking, 'analyst', 'Ann Analyst');
    await keep(lacking, { linksDue: 2 }, { refused: ['The app lacks the scope crm.objects.owners.read.'] });
    const ledger = await ledgerOf(lacking);
    expect(ledger.state).toBe('linking');
    const page = words(await get(person));
    expect(page).toContain('Of 1 kind not all links are here');
    expect(page).toContain('Links of 2 records are still to be read.');
    expect(page).toContain('crm.objects.owners.read');
    expect(describeLedger(ledger).at(-1)).toMatch(/^Not complete: links of 1 kind are still to be read/);
    await keep(lacking, { linksSkipped: ['companies'] }, {});
    expect((await ledgerOf(lacking)).state).toBe('linking');
    expect(words(await get(person))).toContain('Links to Companies are still to be read.');
    await keep(lacking, {}, {});
    expect((await ledgerOf(lacking)).state).toBe('complete');
  });

  it('is neither complete nor on its way where a scope keeps links of two readable kinds from us: the scope is named', async () => {
    const unlinked = await addPortal(test, 'unlinked');
    const person = await signedInAs(test, unlinked, 'analyst', 'Ann Analyst');
    const reason =
      'The HubSpot app lacks the scope crm.objects.custom.read, so the links from contacts to companies cannot be read. Add it to the app in HubSpot and sync again.';
    const lacks = { linksSkipped: ['companies'], linksRefused: [{ toType: 'companies', reason }] };
    const associations = { read: 0, changed: 0, failed: 0, skipped: [reason] };
    await keep(unlinked, lacks, { associations });
    const ledger = await ledgerOf(unlinked);
    expect(ledger.state).toBe('unlinked');
    expect(ledger.rows.map((row) => [row.objectType, row.state])).toEqual([
      ['companies', 'complete'],
      ['contacts', 'unlinked'],
    ]);
    const page = words(await get(person));
    expect(page).toContain('Links not readable');
    expect(page).toContain(`Links to Companies are not readable. ${reason}`);
    expect(page.split(reason), 'said once').toHaveLength(2);
    expect(page).not.toMatch(/still to be read|as many here as HubSpot counts/);
    const lines = describeLedger(ledger);
    expect(lines).toContain(`contacts: links to companies are not readable. ${reason}`);
    expect(
      lines.filter((line) => line.includes(reason)),
      'said once',
    ).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/^Not complete: HubSpot does not let this app read links of 1 kind\./);
    await keep(unlinked, { ...lacks, linksDue: 1 }, { associations });
    expect((await ledgerOf(unlinked)).state, 'while links may come').toBe('linking');
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

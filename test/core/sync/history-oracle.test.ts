import { expect, it } from 'vitest';
import { silentLog } from '../../../src/core/log.ts';
import { mirrorFile } from '../../../src/warehouse/paths.ts';
import { openWarehouse } from '../../../src/warehouse/warehouse.ts';
import { historyFlaws, type Epoch } from '../../support/history-oracle.ts';
import { expectedContent } from '../../support/oracle.ts';
import { syncBench } from '../../support/sync.ts';

const MINUTE = 60_000;

// The judge of the kill drills: it must see each kind of harm.
it('a version or a link that is lost, doubled or invented, and a gap, are seen', async () => {
  const bench = await syncBench({ accounts: 20 });
  const { state } = bench.fake;
  const epochs: Epoch[] = [];
  const syncs = async (): Promise<void> => {
    await bench.clock.advance(20 * MINUTE);
    await bench.sync();
    epochs.push({ content: expectedContent(bench.source, state), isSynced: true });
    await bench.clock.advance(20 * MINUTE);
  };
  await syncs();
  const [company, spare] = [...state.all('companies')].map(({ id }) => id);
  const contact = [...state.all('contacts')].find(
    ({ id }) => state.associations('contacts', id, 'companies').length > 0,
  );
  const [link] = state.associations('contacts', contact?.id ?? '', 'companies');
  if (company === undefined || contact === undefined || link === undefined) throw new Error('too small');
  state.update('companies', company, { name: 'second name' });
  state.dissociate('contacts', contact.id, 'companies', link.toId);
  state.update('contacts', contact.id, { jobtitle: 'moved' });
  await syncs();
  state.update('companies', company, { name: 'third name' });
  await syncs();
  await bench.warehouse.close();

  const file = mirrorFile(bench.dataDir, bench.warehouse.portal);
  const flawsAfter = async (...harm: readonly string[]): Promise<string[]> => {
    const warehouse = await openWarehouse({
      dataDir: bench.dataDir,
      portal: bench.warehouse.portal,
      log: silentLog,
    });
    await warehouse.write(async (db) => {
      for (const sql of harm) await db.run(sql);
    });
    await warehouse.close();
    return historyFlaws(file, epochs);
  };
  expect(await flawsAfter()).toEqual([]);
  const kept = [
    'create table kept as from object_versions',
    'create table kept_links as from association_versions',
  ];
  const back = ['delete from object_versions', 'insert into object_versions from kept'];
  const backLinks = ['delete from association_versions', 'insert into association_versions from kept_links'];
  const one = `object_type = 'companies' and id = '${company}'`;
  expect(
    await flawsAfter(
      ...kept,
      `delete from object_versions where ${one} and (properties ->> 'name') = 'second name'`,
    ),
  ).toEqual([
    expect.stringMatching(/a version ends at/),
    expect.stringMatching(/^a version of companies\|\d+ is lost: .*second name/),
  ]);
  expect(
    await flawsAfter(...back, `insert into object_versions from object_versions where ${one}`),
  ).toContainEqual(expect.stringMatching(/that HubSpot did not have then/));
  expect(await flawsAfter(...back, `update object_versions set id = '${spare}' where ${one}`)).toContainEqual(
    expect.stringMatching(/that HubSpot did not have then/),
  );
  expect(
    await flawsAfter(
      ...back,
      `update object_versions set known_to = known_to - interval 1 second where ${one}`,
    ),
  ).toContainEqual(expect.stringMatching(/a version ends at/));
  expect(await flawsAfter(...back, 'delete from association_versions')).toContainEqual(
    expect.stringMatching(/^a closed link is lost: contacts/),
  );
  expect(await flawsAfter(...backLinks, 'insert into association_versions from kept_links')).toEqual([
    'a link was closed twice',
  ]);
  expect(
    await flawsAfter(
      ...backLinks,
      `insert into definition_versions select *, now() from definitions limit 1`,
    ),
  ).toEqual([expect.stringMatching(/^a definition changed that HubSpot did not change/)]);
});

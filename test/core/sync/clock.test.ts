import { expect, it } from 'vitest';
import { VirtualClock } from '../../../src/demo/virtual-clock.ts';
import { contextOf } from '../../support/sync.ts';
import { BEYOND_LAG, caseBench, HOUR, manyRecords, MINUTE, rowsOf } from './cases/bench.ts';

it.each(['the first run', 'a later run'])(
  'an edit is not lost when the clock of %s is an hour ahead',
  async (which) => {
    const bench = await caseBench({ objects: { companies: manyRecords(3) } });
    const { fake, clock } = bench;
    if (which === 'a later run') {
      await bench.sync();
      await clock.advance(BEYOND_LAG);
    }
    const ahead = new VirtualClock(clock.now().getTime() + HOUR, { auto: true });
    expect(await bench.sync({ clock: ahead, portalClock: ahead })).toMatchObject({ state: 'complete' });
    await clock.advance(5 * MINUTE);
    fake.state.update('companies', '7001', { name: 'Edited' });
    for (let run = 0; run < 5; run += 1) {
      await clock.advance(BEYOND_LAG);
      expect(await bench.sync({ sweep: 'none' })).toMatchObject({ state: 'complete' });
    }
    expect(await bench.disagreements()).toEqual([]);
  },
);

it('a cursor that lies in the future is brought back to the present', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(3) } });
  const { fake, clock, warehouse } = bench;
  await bench.sync();
  await warehouse.write((db) => db.run(`update sync_state set modified_to = modified_to + interval 30 days`));
  await clock.advance(BEYOND_LAG);
  fake.state.update('companies', '7001', { name: 'Edited' });
  await clock.advance(MINUTE);
  await bench.sync({ sweep: 'none' });
  expect(await bench.disagreements()).toEqual([]);
  const [at] = await rowsOf(
    bench,
    `select epoch_ms(modified_to)::double from sync_state where object_type = 'companies'`,
  );
  expect(at).toEqual([clock.now().getTime() - 15 * MINUTE]);
});

it('the client says what time HubSpot has, to the second, once it has answered', async () => {
  const bench = await caseBench({ objects: { companies: manyRecords(1) } });
  const { hubspot } = contextOf(bench.fake.url, bench.warehouse, bench.clock);
  expect(hubspot.usage().serverTime).toBeNull();
  await bench.clock.advance(1500);
  await hubspot.accountInfo();
  const { serverTime } = hubspot.usage();
  expect(serverTime?.getTime()).toBe(Math.floor(bench.clock.now().getTime() / 1000) * 1000);
});

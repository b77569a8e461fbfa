import { silentLog } from '../../src/core/log.ts';
import { openPglite } from '../../src/store/pglite.ts';

// Writes rows into the store of a folder and acknowledges each, until it is killed.
const [folder = '', round = '0'] = process.argv.slice(2);
const store = await openPglite(folder, silentLog);
process.send?.('open');
for (let n = 0; ; n += 1) {
  await store.tx(async (sql) => {
    await sql.query('insert into acknowledged (round, n) values ($1, $2)', [round, n]);
    await sql.query('insert into shadow (round, n, filler) values ($1, $2, $3)', [round, n, 'x'.repeat(900)]);
  });
  process.send?.(n);
}

import { DuckDBInstance } from '@duckdb/node-api';
import type { PortalId } from '../../src/core/actor.ts';
import { AppError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { mirrorFile } from '../../src/warehouse/paths.ts';
import { prepareTables } from '../../src/warehouse/tables.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';

// Opens a warehouse as another process would, and does one thing with it.
const [deed = '', dataDir = ''] = process.argv.slice(2);

if (deed === 'make tables and die') await makeTablesAndDie();

try {
  const warehouse = await openWarehouse({ dataDir, portal: 'main' as PortalId, log: silentLog });
  if (deed === 'write and die') {
    await warehouse.write((db) => db.run(`insert into association_due values ('companies', 'kept')`));
    void warehouse.write(async (db) => {
      await db.run(`insert into association_due values ('companies', 'torn')`);
      process.kill(process.pid, 'SIGKILL');
    });
  } else if (deed === 'be newer and die') {
    await warehouse.write((db) => db.run('insert into schema_version values (9999, now())'));
    process.kill(process.pid, 'SIGKILL');
  } else if (deed === 'fill the disk') {
    await fill(warehouse);
  } else {
    process.send?.({ open: true });
    setInterval(() => {}, 1000);
  }
} catch (error) {
  process.send?.(describe(error));
  if (process.connected) process.disconnect();
}

async function fill(warehouse: Awaited<ReturnType<typeof openWarehouse>>): Promise<void> {
  for (let n = 0; ; n += 1) {
    try {
      await warehouse.write((db) =>
        db.run(
          `insert into association_due select 'batch ${n}', md5(range::varchar || random()::varchar) from range(5000)`,
        ),
      );
      process.send?.({ committed: n });
    } catch (error) {
      const again = await warehouse
        .write((db) => db.run(`insert into association_due values ('after', '1')`))
        .then(
          () => ({ message: 'it went on' }),
          (reason: unknown) => describe(reason),
        );
      process.send?.({ ...describe(error), again });
      process.kill(process.pid, 'SIGKILL');
    }
  }
}

// Stands in for a kill between the commit of the tables and their checkpoint.
async function makeTablesAndDie(): Promise<void> {
  const instance = await DuckDBInstance.create(mirrorFile(dataDir, 'main' as PortalId));
  const db = await instance.connect();
  const run = db.run.bind(db);
  db.run = (sql, ...rest) =>
    sql === 'checkpoint' ? Promise.reject(new Error('killed before it')) : run(sql, ...rest);
  await prepareTables(db, 'f').catch(() => {});
  process.kill(process.pid, 'SIGKILL');
}

function describe(error: unknown): object {
  const code = error instanceof AppError ? error.code : null;
  return { code, message: error instanceof Error ? error.message : String(error) };
}

import type { PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { publishSnapshot } from '../../src/warehouse/publish.ts';
import { demoInputs } from '../support/book.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';

// Publishes and dies at a named step.
const [step = '', dataDir = '', at = ''] = process.argv.slice(2);
const warehouse = await openWarehouse({ dataDir, portal: 'main' as PortalId, log: silentLog });
await publishSnapshot(warehouse, {
  at: new Date(at),
  inputs: demoInputs(new Date(at)),
  keep: null,
  failpoint: (reached) => {
    if (reached === step) process.kill(process.pid, 'SIGKILL');
  },
});

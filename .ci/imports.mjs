// Imports the real data sets that may lie beside the checkout, each with the mapping the documents show for it, as a person would. Ends
// with 0 when all of them came in, or when they are not there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const SETS = ['ravenstack', 'cdnow'];
const data = process.argv[2] ?? join('..', 'shared', 'data');

for (const name of SETS) {
  const folder = join(data, name);
  if (!existsSync(folder)) {
    process.stdout.write(`${folder} is not there; its import is not tried.\n`);
    continue;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-ci-'));
  const args = ['import', folder, '--mapping', `docs/examples/${name}.mapping.json`];
  process.stdout.write(`+ holdfast ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, ['bin/holdfast.mjs', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DATA_DIR: dataDir, LOG_LEVEL: 'error' },
  });
  rmSync(dataDir, { recursive: true, force: true });
  if (status !== 0) {
    process.stderr.write(`The import of ${folder} ended with ${status}.\n`);
    process.exit(1);
  }
}

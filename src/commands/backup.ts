import { resolve } from 'node:path';
import { z } from 'zod';
import { systemClock } from '../core/clock.ts';
import { copyWarehouse } from '../core/backup/copy-warehouse.ts';
import { writeBackup } from './backup-file.ts';
import { holdOrCall } from './hold-or-call.ts';
import { withParts } from './offline-parts.ts';
import { loadConfig } from '../config.ts';
import { openTerminal } from './terminal.ts';

/** `holdfast backup <file>`: everything that cannot be made again, in one file. */
export async function runBackupCommand(name: string): Promise<void> {
  const config = loadConfig();
  const terminal = openTerminal({ quiet: false });
  const file = resolve(name);
  const outcome = await holdOrCall(
    config.dataDir,
    { name: 'backup', args: { file }, onStep: terminal.progress },
    () =>
      withParts(config, { startDemo: false }, ({ store, context }) =>
        writeBackup({
          file,
          dataDir: config.dataDir,
          store,
          at: systemClock.now(),
          copyWarehouse: (portal, target) => copyWarehouse(context, portal, target),
          progress: terminal.progress,
        }),
      ),
  );
  terminal.endProgress();
  const { bytes } = z.object({ bytes: z.number() }).parse(outcome);
  terminal.say(
    `${file} holds everything (${(bytes / 1024 ** 2).toFixed(1)} MB), the secret key included: keep it as you would keep a password.`,
  );
  if (config.databaseUrl !== null)
    terminal.say('The PostgreSQL database is not in it: back it up with pg_dump at the same time.');
}

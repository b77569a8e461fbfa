import { hkdfSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createApp } from '../app.ts';
import { systemClock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { openCurrentData } from '../core/portals/current-data.ts';
import type { WebContext } from '../core/web-context.ts';
import { enqueueRebuild, enqueueSync } from '../jobs/queue.ts';
import { openCardBuild } from '../process/card-build.ts';
import { CARD_FOLDER } from '../process/card-files.ts';
import { VERSION } from '../process/version.ts';
import { openSnapshots } from '../warehouse/snapshots.ts';
import { mappingFileOf } from './open-context.ts';
import type { RunningParts } from './running-parts.ts';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** Serves the pages. Throws AppError `conflict` when the port is taken. */
export async function startWeb(parts: RunningParts): Promise<void> {
  const { config, closers, log } = parts;
  const snapshots = openSnapshots({ dataDir: config.dataDir });
  closers.push('snapshots', () => snapshots.close());
  const cards = openCardBuild({ folder: CARD_FOLDER, log });
  closers.push('card build', () => cards.close());
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    createApp(webContext(parts, snapshots, cards)),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, config.port)));
    server.listen(config.port, config.host, resolve);
  });
  closers.push('web', async () => {
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    server.closeIdleConnections();
    await closed;
  });
  // After the pages are there: the build takes a second of a processor that the first page wants.
  cards.ensure().catch((error: unknown) => log.error('the card could not be looked after', { error }));
  log.info('serving pages', { port: config.port, publicUrl: config.publicUrl });
}

function webContext(
  parts: RunningParts,
  snapshots: WebContext['snapshots'],
  cards: WebContext['cards'],
): WebContext {
  const { config, store, boss, secretKey, log } = parts;
  const { hubspot } = config;
  return {
    settings: {
      version: VERSION,
      publicUrl: config.publicUrl,
      isSecure: config.publicUrl.startsWith('https:'),
      safeMode: config.safeMode,
      formKey: Buffer.from(hkdfSync('sha256', secretKey, '', 'holdfast form nonces', 32)),
      hubspotClientSecret: hubspot.mode === 'demo' ? null : hubspot.clientSecret,
      hubspotAppId: hubspot.mode === 'demo' ? null : hubspot.appId,
    },
    store,
    snapshots,
    current: openCurrentData(store),
    clock: systemClock,
    log,
    enqueueSync: (portal) => enqueueSync(boss, portal),
    enqueueRebuild: (portal) => enqueueRebuild(boss, portal),
    mappingFile: mappingFileOf(config),
    cards,
  };
}

function listenFailure(error: Error, port: number): Error {
  const code = 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE')
    return new AppError(
      'conflict',
      `Port ${port} is in use. Stop what uses it, or set PORT to another one.`,
      {
        cause: error,
      },
    );
  if (code === 'EACCES')
    return new AppError(
      'forbidden',
      `Port ${port} may not be used by this user. Set PORT to one above 1023.`,
      {
        cause: error,
      },
    );
  return error;
}

/**
 * Serves cards for the bench, in a process of its own: `node card-child.ts real|bare <data folder> <snapshot> <secret>`. `real` is the whole
 * product's web face; `bare` an Express route that verifies the same signature and sends the same bytes from memory.
 */
import { createServer } from 'node:http';
import express, { type Express } from 'express';
import { createApp } from '../../src/app.ts';
import type { PortalId } from '../../src/core/actor.ts';
import { readCard } from '../../src/core/accounts/card.ts';
import { systemClock } from '../../src/core/clock.ts';
import { openCurrentData } from '../../src/core/portals/current-data.ts';
import type { WebContext } from '../../src/core/web-context.ts';
import { verifyHubSpotSignature } from '../../src/http/hubspot-signature.ts';
import { openLog } from '../../src/process/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openMemoryPglite } from '../../src/store/pglite.ts';
import { ensurePortal, savePortalFacts } from '../../src/store/portals.ts';
import { pointSnapshot } from '../../src/store/snapshots.ts';
import { openSnapshots } from '../../src/warehouse/snapshots.ts';

const [mode = '', dataDir = '', snapshot = '', secret = ''] = process.argv.slice(2);
const PUBLIC_URL = 'http://localhost:3000';
const HUBSPOT_PORTAL = 111;
const TOGETHER = 64;

const { log } = openLog({ level: 'info', role: 'web', folder: null });
const store = await openMemoryPglite();
await migrate(store, log);
const portal = await ensurePortal(store, 'main', 'token');
const facts = { timeZone: 'Europe/Berlin', currency: 'USD', uiDomain: 'app.hubspot.com' };
await savePortalFacts(store, portal, { ...facts, hubspotPortalId: HUBSPOT_PORTAL });
await pointSnapshot(store, portal, 'current', { name: snapshot, publishedAt: new Date() }, '1');
const web: WebContext = {
  settings: {
    version: 'bench',
    publicUrl: PUBLIC_URL,
    isSecure: false,
    safeMode: true,
    formKey: Buffer.alloc(32),
    hubspotClientSecret: secret,
    hubspotAppId: null,
  },
  store,
  snapshots: openSnapshots({ dataDir }),
  current: openCurrentData(store),
  clock: systemClock,
  log,
  enqueueSync: () => Promise.resolve(false),
  enqueueRebuild: () => Promise.resolve(false),
  cards: { state: () => ({ state: 'building' }), file: () => null },
};
const app = mode === 'real' ? createApp(web) : await bareApp(portal);
const server = createServer(app).listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
process.on('disconnect', () => process.exit(0));

async function bareApp(id: PortalId): Promise<Express> {
  const bytes = new Map<string, Buffer>();
  const accounts = await web.snapshots.read(id, snapshot, async (db) =>
    (await db.runAndReadAll('select account_id from cards')).getRows(),
  );
  const ids = accounts.map(([account]) => String(account));
  for (let n = 0; n < ids.length; n += TOGETHER)
    await Promise.all(
      ids
        .slice(n, n + TOGETHER)
        .map(async (account) => bytes.set(account, Buffer.concat(await readCard(web, id, account)))),
    );
  const bare = express();
  bare.disable('etag');
  bare.get('/api/card/accounts/:companyId', (request, response) => {
    const verdict = verifyHubSpotSignature(
      secret,
      {
        method: request.method,
        url: PUBLIC_URL + request.originalUrl,
        body: Buffer.alloc(0),
        timestamp: String(request.headers['x-hubspot-request-timestamp']),
        signature: String(request.headers['x-hubspot-signature-v3']),
      },
      new Date(),
    );
    if (verdict === 'valid') response.type('json').send(bytes.get(request.params.companyId));
    else response.status(401).end();
  });
  return bare;
}

import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Signed } from './api/card-ping.ts';
import { identify, type SignedIn } from './core/people/sign-in.ts';
import { portalOfHubSpot } from './core/portals/find-portal.ts';
import { readHealth, type Health } from './core/portals/health.ts';
import { identifySender, type Sender } from './core/usage/tokens.ts';
import type { WebContext } from './core/web-context.ts';
import type { Identity } from './http/actor.ts';
import { securityHeaders } from './http/headers.ts';
import { mount } from './http/mount.ts';
import { ASSETS } from './pages/asset.ts';
import { problemPage } from './pages/problem.ts';
import { LANGUAGES } from './pages/text/text.ts';
import { routes } from './routes.ts';
import { listPortals } from './store/portals.ts';

/** Probes ask often and from anywhere; the store is asked for them once a second at most. */
const READINESS_MS = 1000;
/** For files whose address holds the hash of their bytes. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const SCRIPT_TYPE = 'text/javascript; charset=utf-8';

/** The whole web face of the product, from what it is given. */
export function createApp(web: WebContext): Express {
  const { settings } = web;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // nothing but assets is kept by whoever asks
  // Only behind a TLS proxy does somebody else than the sender name the sender's address.
  if (settings.isSecure) app.set('trust proxy', ['loopback', 'linklocal', 'uniquelocal']);
  app.use(securityHeaders(settings.isSecure));
  serveAssets(app);
  serveCards(app, web);
  serveHealth(app, web);
  if (settings.isSecure) app.use(refusePlainHttp);
  mount(app, { web, routes, identity: identityOf(web), log: web.log, languages: LANGUAGES, problemPage });
  return app;
}

/** Where people come over https, a request that came over plain http from another machine would show its session to the network. */
function refusePlainHttp(request: Request, response: Response, next: NextFunction): void {
  const from = request.socket.remoteAddress ?? '';
  if (request.secure || /^(::ffff:)?127\.|^::1$/.test(from)) next();
  else
    response
      .status(403)
      .type('text')
      .send('Come over https: the proxy in front of Holdfast must set X-Forwarded-Proto to https.\n');
}

function identityOf(web: WebContext): Identity<SignedIn, Signed, Sender> {
  const { publicUrl, isSecure, hubspotClientSecret, hubspotAppId } = web.settings;
  return {
    publicUrl,
    isSecure,
    hubspotClientSecret,
    hubspotAppId,
    now: () => web.clock.now(),
    findSession: (token) => identify(web, token),
    findSigned: async (portalId, hubspotUserId) => ({
      portal: await portalOfHubSpot(web, portalId),
      hubspotUserId,
    }),
    findSender: (token) => identifySender(web, token),
  };
}

// Before the limits: what is kept for ever is asked for once, and costs no store.
function serveAssets(app: Express): void {
  for (const { address, type, bytes } of ASSETS) {
    app.get(address, (_request, response) => {
      response.set({ 'Content-Type': type, 'Cache-Control': FOR_EVER });
      response.send(bytes);
    });
  }
}

// Served as assets are; they may come later than the pages, as they are built beside them.
function serveCards(app: Express, web: WebContext): void {
  app.get('/card/:name', (request, response, next) => {
    const bytes = web.cards.file(request.params.name);
    if (bytes === null) {
      next();
      return;
    }
    response.set({ 'Content-Type': SCRIPT_TYPE, 'Cache-Control': FOR_EVER });
    response.send(bytes);
  });
}

// Before the limits as well: a probe that is told "too many" takes a healthy process for a dead one.
function serveHealth(app: Express, web: WebContext): void {
  app.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ ok: true, version: web.settings.version });
  });
  const ready = remember(READINESS_MS, () => readiness(web));
  app.get('/readyz', (_request, response, next) => {
    ready().then((answer) => {
      response.status(answer.ok ? 200 : 503).set('Cache-Control', 'no-store');
      response.json(answer);
    }, next);
  });
}

interface Readiness {
  ok: boolean;
  /** what is not there yet or not well, as sentences */
  missing: string[];
  parts: (Health & { portal: string | null })[];
}

async function readiness(web: WebContext): Promise<Readiness> {
  const parts: Readiness['parts'] = (await readHealth(web, null)).map((row) => ({ portal: null, ...row }));
  if (parts.some((row) => row.state === 'well' && row.part === 'store')) {
    for (const { id } of await listPortals(web.store)) {
      const rows = await readHealth(web, id);
      parts.push(...rows.filter((row) => row.part === 'data').map((row) => ({ portal: id, ...row })));
    }
  }
  const missing = parts.filter((row) => row.state !== 'well').map((row) => row.sentence);
  return { ok: missing.length === 0, missing, parts };
}

function remember<T>(ms: number, work: () => Promise<T>): () => Promise<T> {
  let kept: { at: number; answer: Promise<T> } | null = null;
  return () => {
    const now = performance.now();
    if (kept === null || now - kept.at > ms) kept = { at: now, answer: work() };
    return kept.answer;
  };
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { systemClock, type Clock } from '../../core/clock.ts';
import type { PortalSource } from '../source.ts';
import { watched } from './changes.ts';
import type { RouteContext } from './context.ts';
import { createDefinitions, type Definitions } from './definitions.ts';
import { createLimitGate, type FakeLimits, type LimitGate } from './limits.ts';
import { createOAuth, type FakeOAuth } from './oauth.ts';
import { refusal } from './replies.ts';
import { route } from './routes.ts';
import { createSearcher } from './search.ts';
import { createState } from './state.ts';
import type { FakeReply, FakeRequest, Faults, FakeState, RequestLogEntry } from './types.ts';
import { createWebhooks, type FakeWebhooks } from './webhooks.ts';
import { receive, send, takeRule, type Arrived } from './wire.ts';

export interface FakeHubSpot {
  url: string;
  state: FakeState;
  faults: Faults;
  limits: LimitGate;
  oauth: FakeOAuth;
  webhooks: FakeWebhooks;
  definitions: Definitions;
  /** every request, oldest first */
  log: RequestLogEntry[];
  close(): Promise<void>;
}

export interface FakeOptions {
  source: PortalSource;
  clock?: Clock;
  /** a fixed port; a free one when left out */
  port?: number;
  limits?: Partial<FakeLimits>;
  /** the log of requests grows without end: the demo leaves it out */
  keepLog?: boolean;
  /** asked before HubSpot: what it answers is no part of HubSpot, costs no limit and is in no log */
  answerFirst?: (request: FakeRequest) => FakeReply | null;
}

const DEMO_LIMITS: FakeLimits = { burst: 5000, search: 500, daily: null };

/** Starts a HubSpot on loopback that has a state and a clock, and fails as told. */
export async function startFakeHubSpot(options: FakeOptions): Promise<FakeHubSpot> {
  const clock = options.clock ?? systemClock;
  const faults = noFaults();
  const { portalId, timeZone } = options.source;
  const gate = createLimitGate(clock, { ...DEMO_LIMITS, ...options.limits }, timeZone);
  const oauth = createOAuth(clock, portalId);
  const webhooks = createWebhooks({ clock, portalId, clientSecret: () => oauth.clientSecret });
  const state = createState(options.source, clock, faults);
  const definitions = createDefinitions(options.source);
  let pages = 0;
  const context: RouteContext = {
    state: watched(state, 'app', (change) => webhooks.take(change)),
    definitions,
    faults,
    searcher: createSearcher(state, () => clock.now().getTime(), faults),
    nextPage: () => (pages += 1),
  };
  const log: RequestLogEntry[] = [];
  const server = createServer({ maxHeaderSize: 128 * 1024 }, (incoming, outgoing) => {
    void serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  server.keepAliveTimeout = 30_000;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const arrived = await receive(incoming);
    const { request } = arrived;
    const first = options.answerFirst?.(request) ?? null;
    if (first !== null) {
      await send(outgoing, first, {}, null);
      return;
    }
    const rule = takeRule(faults.rules, request);
    const isSearch = request.path.endsWith('/search');
    const reply =
      rule?.fault.do === 'reply' ? rule.fault.reply : answer(context, gate, oauth, arrived, isSearch);
    if (options.keepLog !== false) {
      log.push({
        method: request.method,
        path: request.path,
        query: request.query.toString(),
        body: summary(request.body),
        status: rule !== null && rule.fault.do !== 'reply' ? 0 : reply.status,
        at: clock.now().getTime(),
      });
    }
    const headers = { ...gate.headers(isSearch), date: clock.now().toUTCString() };
    await send(outgoing, reply, headers, rule?.fault ?? null);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake HubSpot has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    state: watched(state, 'user', (change) => webhooks.take(change)),
    faults,
    limits: gate,
    oauth,
    webhooks,
    definitions,
    log,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function noFaults(): Faults {
  return {
    rules: [],
    indexLagMs: 0,
    idOrder: 'number',
    outOfOrderMs: 0,
    strays: [],
    opaqueCursors: false,
    shortPages: null,
    pageRows: Number.POSITIVE_INFINITY,
    longestUrl: 16_000,
    missingScopes: new Map(),
    unknownIds: '207',
    unknownFields: false,
    mergeMakesNewId: false,
    associationPage: 500,
    betweenRequests: null,
  };
}

function answer(
  context: RouteContext,
  gate: LimitGate,
  oauth: FakeOAuth,
  { request, text, unreadable }: Arrived,
  isSearch: boolean,
): FakeReply {
  if (request.url.length > context.faults.longestUrl)
    return {
      status: 414,
      headers: { 'content-type': 'text/html' },
      body: '<html><body>414 Request-URI Too Large</body></html>',
    };
  const form = new URLSearchParams(text);
  if (request.method === 'POST' && request.path === '/oauth/2026-09/token') return oauth.token(form);
  if (request.method === 'POST' && request.path === '/oauth/2026-09/token/introspect')
    return oauth.introspect(form);
  if (request.method === 'POST' && request.path === '/oauth/2026-09/token/revoke') return oauth.revoke(form);
  const refused = oauth.refuse(request.raw.headers.authorization ?? '') ?? gate.admit(isSearch) ?? unreadable;
  if (refused !== null) return refused;
  if (request.method === 'DELETE' && request.path === '/appinstalls/2026-09/external-install') {
    oauth.uninstall();
    return { status: 204 };
  }
  try {
    context.faults.betweenRequests?.(request);
    return route(context, request);
  } catch (error) {
    // A bug of the fake, or of the test that drives it: told as such, not as a lost connection.
    return refusal(
      500,
      'INTERNAL_ERROR',
      `The fake failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function summary(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return null;
  return 'inputs' in body && Array.isArray(body.inputs) ? { inputs: body.inputs.length } : body;
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { systemClock, type Clock } from '../../core/clock.ts';
import type { PortalSource } from '../source.ts';
import { createLimitGate, type FakeLimits, type LimitGate } from './limits.ts';
import { createOAuth, type FakeOAuth } from './oauth.ts';
import type { ObjectContext } from './objects.ts';
import { refusal } from './replies.ts';
import { route } from './routes.ts';
import { createSearcher } from './search.ts';
import { createState } from './state.ts';
import type {
  FakeReply,
  FakeRequest,
  Fault,
  FaultRule,
  Faults,
  FakeState,
  RequestLogEntry,
} from './types.ts';

export interface FakeHubSpot {
  url: string;
  state: FakeState;
  faults: Faults;
  limits: LimitGate;
  oauth: FakeOAuth;
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
}

const DEMO_LIMITS: FakeLimits = { burst: 5000, search: 500, daily: null };

/** Starts a HubSpot on loopback that has a state and a clock, and fails as told. */
export async function startFakeHubSpot(options: FakeOptions): Promise<FakeHubSpot> {
  const clock = options.clock ?? systemClock;
  const faults = noFaults();
  const state = createState(options.source, clock, faults);
  const gate = createLimitGate(clock, { ...DEMO_LIMITS, ...options.limits });
  const oauth = createOAuth(clock);
  let pages = 0;
  const context: ObjectContext = {
    state,
    faults,
    searcher: createSearcher(
      state,
      () => clock.now().getTime(),
      () => faults.idOrder,
    ),
    nextPage: () => (pages += 1),
  };
  const log: RequestLogEntry[] = [];
  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  server.keepAliveTimeout = 30_000;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const text = await readBody(incoming);
    const request = toRequest(incoming, text);
    const rule = takeRule(faults.rules, request);
    const isSearch = request.path.endsWith('/search');
    const reply =
      rule?.fault.do === 'reply' ? rule.fault.reply : answer(context, gate, oauth, request, text, isSearch);
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
    await send(outgoing, reply, gate.headers(isSearch), rule?.fault ?? null);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake HubSpot has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    state,
    faults,
    limits: gate,
    oauth,
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
    shortPages: null,
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
  context: ObjectContext,
  gate: LimitGate,
  oauth: FakeOAuth,
  request: FakeRequest,
  text: string,
  isSearch: boolean,
): FakeReply {
  if (request.url.length > context.faults.longestUrl)
    return {
      status: 414,
      headers: { 'content-type': 'text/html' },
      body: '<html><body>414 Request-URI Too Large</body></html>',
    };
  if (request.path === '/oauth/2026-09/token' && request.method === 'POST')
    return oauth.token(new URLSearchParams(text));
  if (!oauth.accepts(request.raw.headers.authorization ?? '')) {
    return refusal(
      401,
      'INVALID_AUTHENTICATION',
      'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs',
    );
  }
  const refused = gate.admit(isSearch);
  if (refused !== null) return refused;
  context.faults.betweenRequests?.(request);
  return route(context, request);
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function toRequest(incoming: IncomingMessage, text: string): FakeRequest {
  const url = incoming.url ?? '/';
  const parsed = new URL(url, 'http://fake');
  const isJson = (incoming.headers['content-type'] ?? '').includes('json');
  return {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(parsed.pathname),
    query: parsed.searchParams,
    body: isJson && text !== '' ? (JSON.parse(text) as unknown) : null,
    url,
    raw: incoming,
  };
}

function takeRule(rules: FaultRule[], request: FakeRequest): FaultRule | null {
  const at = rules.findIndex((rule) => rule.times !== 0 && (rule.match?.(request) ?? true));
  const rule = rules[at];
  if (rule === undefined) return null;
  if (rule.times !== undefined) rule.times -= 1;
  return rule;
}

async function send(
  outgoing: ServerResponse,
  reply: FakeReply,
  limits: Record<string, string>,
  fault: Fault | null,
): Promise<void> {
  if (fault?.do === 'hang') return;
  if (fault?.do === 'reset') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const isText = typeof reply.body === 'string';
  const body = Buffer.from(
    reply.body === undefined ? '' : isText ? String(reply.body) : JSON.stringify(reply.body),
  );
  outgoing.writeHead(reply.status, {
    ...(reply.body === undefined ? {} : { 'content-type': 'application/json;charset=utf-8' }),
    'x-hubspot-correlation-id': 'fake',
    ...limits,
    ...(reply.status === 204 ? {} : { 'content-length': String(body.length) }),
    ...reply.headers,
  });
  if (fault?.do === 'cut') {
    outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.socket?.destroy());
    return;
  }
  if (fault?.do === 'trickle') {
    for (const byte of body) {
      if (outgoing.destroyed) return;
      outgoing.write(Buffer.from([byte]));
      await new Promise((resolve) => setTimeout(resolve, fault.msPerByte));
    }
  }
  outgoing.end(fault?.do === 'trickle' ? undefined : body);
}

function summary(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return null;
  return 'inputs' in body && Array.isArray(body.inputs) ? { inputs: body.inputs.length } : body;
}

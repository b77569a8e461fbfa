import { randomUUID } from 'node:crypto';
import { stringifySetCookie } from 'cookie';
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Actor } from '../core/actor.ts';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import {
  requireRole,
  requireSession,
  senderOf,
  sessionCookieName,
  signedOf,
  visitorOf,
  type Identity,
} from './actor.ts';
import { requireCsrfToken, requireSameOrigin } from './csrf.ts';
import type { Exchange, Reply } from './exchange.ts';
import type { Html } from './html.ts';
import { createLimits } from './limits.ts';
import { problemOf, type Problem } from './problem.ts';
import type { Route } from './route.ts';

const LONGEST_BODY = 64 * 1024;

export interface MountOptions<Web, Me extends { actor: Actor; csrfToken: string }, Signed, Sender> {
  web: Web;
  routes: readonly Route<Web, Me, Signed, Sender>[];
  identity: Identity<Me, Signed, Sender>;
  log: Log;
  /** the languages that pages can be had in, the one for everybody else first */
  languages: readonly [string, ...string[]];
  /** the page for a refusal or a fault */
  problemPage(problem: Problem, requestId: string, language: string): Html;
}

/** Puts every route behind the same limits, checks and error page. */
export function mount<Web, Me extends { actor: Actor; csrfToken: string }, Signed, Sender>(
  app: Express,
  options: MountOptions<Web, Me, Signed, Sender>,
): void {
  const limits = createLimits();
  app.use((request, response, next) => {
    const requestId = randomUUID();
    response.locals['requestId'] = requestId;
    response.locals['startedAt'] = performance.now();
    response.setHeader('X-Request-Id', requestId);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Robots-Tag', 'noindex');
    response.on('finish', () => logRequest(options.log, request, response));
    next();
  });
  for (const route of options.routes) {
    const limit = route.longestBody ?? LONGEST_BODY;
    // What comes as the body of a GET is nothing that was asked for: it is not read.
    const guards: RequestHandler[] =
      route.method === 'get' ? [] : [express.raw({ type: () => true, limit, inflate: false })];
    if (route.holdsToken === true) guards.unshift(limits.unknownLinks);
    // All cards come from HubSpot's few addresses, where others' apps live too: whoever is refused by address there, it is the wrong
    // ones. A signature costs less to check than a limit, and HubSpot lets no more than twenty requests of a portal be on their way.
    if (route.who === 'token') guards.unshift(limits.unknownTokens, limits.batches);
    if (route.who !== 'hubspot') guards.unshift(limits.requests);
    app[route.method](route.path, ...guards, (request: Request, response: Response, next: NextFunction) => {
      response.locals['route'] = route.path;
      response.locals['answers'] = route.answers;
      answer(options, route, request, response).then(
        (reply) => send(response, reply, options.identity.isSecure),
        next,
      );
    });
  }
  app.use(limits.requests, (request: Request, _response: Response, next: NextFunction) => {
    next(
      new AppError(
        'not_found',
        request.method === 'GET' ? 'There is no page at this address.' : 'There is nothing at this address.',
      ),
    );
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    refuse(options, error, request, response);
  });
}

// Of the text behind the first question mark: an address such as // is no URL that could be parsed whole.
function queryOf(request: Request): URLSearchParams {
  const at = request.originalUrl.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : request.originalUrl.slice(at + 1));
}

async function answer<Web, Me extends { actor: Actor; csrfToken: string }, Signed, Sender>(
  { web, identity, languages }: MountOptions<Web, Me, Signed, Sender>,
  route: Route<Web, Me, Signed, Sender>,
  request: Request,
  response: Response,
): Promise<Reply> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const isByBrowser = route.who !== 'hubspot' && route.who !== 'token';
  const form = route.method === 'post' && isByBrowser ? readForm(request, body) : new URLSearchParams();
  const query = queryOf(request);
  const base: Exchange<Web, null> = {
    web,
    me: null,
    params: Object.fromEntries(
      Object.entries(request.params).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
    ),
    query,
    form,
    requestId: String(response.locals['requestId']),
    language: isByBrowser ? languageOf(request, languages) : languages[0],
    device: request.headers['user-agent'] ?? '',
  };
  if (route.who === 'hubspot')
    return route.handle({ ...base, me: await signedOf(identity, request, body, query) });
  if (route.who === 'token') {
    const sender = await senderOf(identity, request);
    return route.handle({
      ...base,
      me: sender,
      sent: readJson(request, body),
      idempotencyKey: keyOf(request),
    });
  }
  requireSingleValues(query);
  requireSingleValues(form);
  if (route.method === 'post') requireSameOrigin(request.headers, identity.publicUrl);
  if (route.who === 'anyone') return route.handle(base);
  const visitor = await visitorOf(identity, request);
  if (route.who === 'visitor') return route.handle({ ...base, me: visitor });
  const me = requireSession(visitor);
  response.locals['portal'] = me.actor.portal;
  if (route.who !== 'signed-in') requireRole(me.actor.role, route.who);
  if (route.method === 'post') requireCsrfToken(form, me.csrfToken);
  return route.handle({ ...base, me });
}

function languageOf(request: Request, languages: readonly [string, ...string[]]): string {
  return request.acceptsLanguages([...languages]) || languages[0];
}

function readForm(request: Request, body: Buffer): URLSearchParams {
  const type = request.headers['content-type'] ?? '';
  if (body.length > 0 && !type.startsWith('application/x-www-form-urlencoded'))
    throw new AppError('invalid', 'Send the form as a form.');
  const form = new URLSearchParams(body.toString('utf8').normalize('NFC'));
  for (const value of form.values())
    if (/\0/.test(value))
      throw new AppError('invalid', 'What was sent holds characters that cannot be stored.');
  return form;
}

function readJson(request: Request, body: Buffer): unknown {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw new AppError('invalid', 'Send JSON, with Content-Type: application/json.');
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (cause) {
    throw new AppError('invalid', 'The body is no JSON.', { cause });
  }
}

function keyOf(request: Request): string | null {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return null;
  if (key.length > 200) throw new AppError('invalid', 'Idempotency-Key may have at most 200 characters.');
  return key;
}

// A name given twice is read differently by different parts of a system; nobody who means well sends one.
function requireSingleValues(values: URLSearchParams): void {
  const names = [...values.keys()];
  if (new Set(names).size < names.length) throw new AppError('invalid', 'The request gives a value twice.');
}

function send(response: Response, reply: Reply, isSecure: boolean): void {
  for (const cookie of 'cookies' in reply ? (reply.cookies ?? []) : []) {
    const text = stringifySetCookie({
      name: sessionCookieName(isSecure),
      value: cookie.value ?? '',
      httpOnly: true,
      secure: isSecure,
      sameSite: 'lax',
      path: '/',
      maxAge: cookie.value === null ? 0 : cookie.maxAgeSeconds,
    });
    response.append('Set-Cookie', text);
  }
  if (reply.kind === 'redirect') response.redirect(303, reply.to);
  else if (reply.kind === 'json') response.status(reply.status ?? 200).json(reply.body);
  else if (reply.kind === 'json-bytes') sendPieces(response, reply.pieces);
  else if (reply.kind === 'csv') response.attachment(reply.name).type('text/csv').send(reply.text);
  else
    response
      .status(reply.status ?? 200)
      .type('html')
      .send(`<!doctype html>\n${reply.html.markup}`);
}

function sendPieces(response: Response, pieces: readonly Buffer[]): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader(
    'Content-Length',
    pieces.reduce((sum, piece) => sum + piece.length, 0),
  );
  for (const piece of pieces) response.write(piece);
  response.end();
}

function refuse<Web, Me extends { actor: Actor; csrfToken: string }, Signed, Sender>(
  options: MountOptions<Web, Me, Signed, Sender>,
  error: unknown,
  request: Request,
  response: Response,
): void {
  const requestId = String(response.locals['requestId']);
  const problem = problemOf(error, requestId);
  if (problem.isFault)
    options.log.error('a request failed', { requestId, route: response.locals['route'], error });
  response.status(problem.status);
  if (problem.status === 429 && response.getHeader('Retry-After') === undefined)
    response.setHeader('Retry-After', '60');
  const wantsJson = response.locals['answers'] === 'json' || request.path.startsWith('/api/');
  if (wantsJson) response.json({ ok: false, error: { code: problem.code, message: problem.message } });
  else
    response
      .type('html')
      .send(
        `<!doctype html>\n${options.problemPage(problem, requestId, languageOf(request, options.languages)).markup}`,
      );
}

// The pattern of the route, never the address: it may hold a token.
function logRequest(log: Log, request: Request, response: Response): void {
  const started: unknown = response.locals['startedAt'];
  const ms = typeof started === 'number' ? performance.now() - started : null;
  log.info('request', {
    requestId: response.locals['requestId'],
    portal: response.locals['portal'],
    method: request.method,
    route: response.locals['route'] ?? 'none',
    status: response.statusCode,
    ms: ms === null ? null : Math.round(ms * 10) / 10,
  });
}

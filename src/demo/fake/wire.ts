import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalid } from './replies.ts';
import type { FakeReply, FakeRequest, Fault, FaultRule } from './types.ts';

/** A request as it came: with its raw text, and a refusal ready when that is no JSON. */
export interface Arrived {
  request: FakeRequest;
  text: string;
  unreadable: FakeReply | null;
}

/** Reads a request to its end. */
export async function receive(incoming: IncomingMessage): Promise<Arrived> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const url = incoming.url ?? '/';
  const parsed = new URL(url, 'http://fake');
  const isJson = (incoming.headers['content-type'] ?? '').includes('json') && text !== '';
  const body = isJson ? parseJson(text) : { value: null };
  return {
    request: {
      method: incoming.method ?? 'GET',
      path: decodeURIComponent(parsed.pathname),
      query: parsed.searchParams,
      body: body?.value ?? null,
      url,
      raw: incoming,
    },
    text,
    unreadable: body === null ? invalid('Invalid input JSON') : null,
  };
}

function parseJson(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** The first rule that fits and is not used up; it is used once more by this. */
export function takeRule(rules: readonly FaultRule[], request: FakeRequest): FaultRule | null {
  const rule = rules.find((one) => one.times !== 0 && (one.match?.(request) ?? true));
  if (rule === undefined) return null;
  if (rule.times !== undefined) rule.times -= 1;
  return rule;
}

/** Answers, or does to the connection what the fault says. */
export async function send(
  outgoing: ServerResponse,
  reply: FakeReply,
  headers: Record<string, string>,
  fault: Fault | null,
): Promise<void> {
  if (fault?.do === 'hang') return;
  if (fault?.do === 'reset') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const body = Buffer.from(toText(reply.body));
  outgoing.writeHead(reply.status, {
    ...(reply.body === undefined ? {} : { 'content-type': 'application/json;charset=utf-8' }),
    'x-hubspot-correlation-id': 'fake',
    ...headers,
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

function toText(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

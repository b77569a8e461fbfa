import type { AccountAnswer } from './answer.ts';

/** The contract that this card was written for. */
const CONTRACT = 1;

/** What the card reads, by section: enough to tell an answer from anything else without carrying a schema along. */
const SECTIONS = {
  asOf: ['today', 'knownAt', 'timeZone'],
  account: ['id', 'name', 'status', 'owner'],
  tenure: ['days', 'since', 'servedTo'],
  renewal: ['date', 'daysLeft', 'band', 'autoRenew', 'runsOn'],
  value: ['annual', 'own', 'next', 'contracts'],
  health: ['score', 'band', 'coverage', 'drivers'],
  surveys: ['answers', 'total', 'silent'],
  tickets: ['open', 'urgent', 'list'],
  sources: ['status', 'plan', 'owner', 'notice', 'surveys', 'silent', 'tickets', 'invoices'],
} as const;
const LISTS = ['people', 'contracts', 'timeline'] as const;
const MAYBE = ['lastContact', 'nextStep', 'invoices'] as const;

/** Why there is nothing to show, when it is no refusal that the product put into words itself. */
export type Fault =
  | { kind: 'unreachable' }
  | { kind: 'status'; status: number | null }
  | { kind: 'unreadable' }
  | { kind: 'newer' }
  | { kind: 'no_host' };

export type Reading =
  | { kind: 'account'; answer: AccountAnswer }
  | { kind: 'refusal'; code: string; message: string; more: string | null }
  | { kind: 'fault'; fault: Fault };

/** Reads a body: an account, a refusal in the product's own words, or something this card does not understand. */
export function readAnswer(body: unknown, isWell: boolean): Reading {
  if (isRecord(body) && body['status'] === 'error') return readWrapped(body);
  if (isRecord(body) && body['ok'] === false) return readRefusal(body) ?? unreadable();
  if (!isWell) return { kind: 'fault', fault: { kind: 'status', status: null } };
  if (!isRecord(body) || body['ok'] !== true || !isRecord(body['card'])) return unreadable();
  if (body['card']['contract'] !== CONTRACT) return { kind: 'fault', fault: { kind: 'newer' } };
  if (!isWhole(body, body['card'])) return unreadable();
  // The one place where what came from outside becomes what the card works with.
  return { kind: 'account', answer: body as unknown as AccountAnswer };
}

// HubSpot hands an answer with a failing status to the card as a status of 200 and this envelope.
function readWrapped(body: Record<string, unknown>): Reading {
  const refusal = readRefusal(parsed(body['responseBody']));
  if (refusal !== null) return refusal;
  const context = isRecord(body['context']) ? body['context'] : {};
  const [status] = Array.isArray(context['appServerStatusCode']) ? context['appServerStatusCode'] : [null];
  const known = Number(status);
  return {
    kind: 'fault',
    fault: { kind: 'status', status: Number.isInteger(known) && known > 0 ? known : null },
  };
}

function readRefusal(body: unknown): Reading | null {
  if (!isRecord(body) || body['ok'] !== false || !isRecord(body['error'])) return null;
  const { code, message } = body['error'];
  if (typeof message !== 'string' || message === '') return null;
  return {
    kind: 'refusal',
    code: typeof code === 'string' ? code : '',
    message,
    more: typeof body['more'] === 'string' ? body['more'] : null,
  };
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isWhole(body: Record<string, unknown>, card: Record<string, unknown>): boolean {
  const links = body['links'];
  const data = body['data'];
  if (!isRecord(links) || typeof links['account'] !== 'string' || typeof links['why'] !== 'string')
    return false;
  if (!isRecord(data) || typeof data['publishedAt'] !== 'string') return false;
  const hasSections = Object.entries(SECTIONS).every(([name, keys]) => {
    const section = card[name];
    return isRecord(section) && keys.every((key) => key in section);
  });
  return (
    hasSections && LISTS.every((name) => Array.isArray(card[name])) && MAYBE.every((name) => name in card)
  );
}

function unreadable(): Reading {
  return { kind: 'fault', fault: { kind: 'unreadable' } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

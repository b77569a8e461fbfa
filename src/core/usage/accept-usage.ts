import { createHash } from 'node:crypto';
import { z } from 'zod';
import { appendAudit } from '../../store/audit.ts';
import { addToUsageInbox, addUsageBatch, findUsageBatch } from '../../store/usage-inbox.ts';
import { AppError } from '../errors.ts';
import type { Sender, UsageContext } from './tokens.ts';

const MOST_ROWS = 5000;
const MOST_PROBLEMS = 10;
const DAY_MS = 86_400_000;
/** A batch that is sent again after this long is a new one; its rows still change nothing where they are the same. */
const KEYS_KEPT_MS = 30 * DAY_MS;
const LARGEST = 1e12;

// A control character can be no part of a name, and PostgreSQL cannot keep all of them.
const Name = (most: number) =>
  z
    .string('must be text')
    .trim()
    .min(1, 'must not be empty')
    .max(most, `must have at most ${most} characters`)
    .regex(/^\P{Cc}*$/u, 'must not have control characters')
    .transform((text) => text.normalize('NFC'));

const Row = z.strictObject({
  account: z.preprocess((value) => (typeof value === 'number' ? String(value) : value), Name(100)),
  day: z.iso.date('must be a day, written as 2026-01-31'),
  feature: Name(200),
  count: z
    .number('must be a number')
    .min(0, 'must not be below 0')
    .max(LARGEST, `must be at most ${LARGEST}`)
    .nullable()
    .default(null),
  active_users: z
    .int('must be a whole number')
    .min(0, 'must not be below 0')
    .max(LARGEST, `must be at most ${LARGEST}`)
    .nullable()
    .default(null),
});

const Batch = z.strictObject({
  key: Name(200).optional(),
  rows: z
    .array(Row, 'must be a list')
    .min(1, 'must have at least one row')
    .max(MOST_ROWS, `must have at most ${MOST_ROWS} rows; send the rest as another batch`),
});

/** What a sender is told of a batch. */
export interface UsageAnswer {
  ok: true;
  /** how many rows are kept; they reach the tables with the next publish */
  accepted: number;
}

/**
 * Keeps a batch of usage for the sender's own portal; resolves once it is durable in the operational store. All of it or nothing: a row that
 * cannot be used refuses the batch with AppError `invalid`, which names the rows. The same key with the same rows is answered again without
 * being kept again; with other rows it is refused with `conflict`. An account that is not known is no reason to refuse.
 */
export async function acceptUsage(
  ctx: UsageContext,
  sender: Sender,
  raw: unknown,
  headerKey: string | null,
): Promise<UsageAnswer> {
  const batch = readBatch(raw);
  const key = batch.key ?? headerKey;
  const at = ctx.clock.now();
  refuseFuture(batch, at);
  const rows = batch.rows.map(({ active_users: activeUsers, ...row }) => ({ ...row, activeUsers }));
  const contentHash = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  return ctx.store.tx(async (sql): Promise<UsageAnswer> => {
    const answer: UsageAnswer = { ok: true, accepted: rows.length };
    if (key !== null) {
      const forgetBefore = new Date(at.getTime() - KEYS_KEPT_MS);
      const isNew = await addUsageBatch(sql, sender.portal, { key, contentHash }, at, forgetBefore);
      if (!isNew) {
        if ((await findUsageBatch(sql, sender.portal, key)) !== contentHash) throw otherContent(key);
        return answer;
      }
    }
    await addToUsageInbox(sql, sender.portal, rows, at);
    await appendAudit(sql, { portal: sender.portal, user: `token:${sender.tokenId}`, via: 'token' }, at, {
      action: 'usage.receive',
      details: { rows: rows.length },
    });
    return answer;
  });
}

function readBatch(raw: unknown): z.output<typeof Batch> {
  const parsed = Batch.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw refused(parsed.error.issues.map((issue) => `${placeOf(issue.path)} ${issue.message}`));
}

// Zones differ by a day at most; a day beyond that is a mistake that would stand at the end of every chart.
function refuseFuture({ rows }: z.output<typeof Batch>, at: Date): void {
  const last = new Date(at.getTime() + DAY_MS).toISOString().slice(0, 10);
  const problems = rows.flatMap(({ day }, n) =>
    day > last ? [`${placeOf(['rows', n, 'day'])} lies in the future`] : [],
  );
  if (problems.length > 0) throw refused(problems);
}

function refused(problems: readonly string[]): AppError {
  const more = problems.length - MOST_PROBLEMS;
  const list = problems.slice(0, MOST_PROBLEMS).join('; ');
  return new AppError(
    'invalid',
    `The batch was refused and nothing of it kept: ${list}${more > 0 ? `; and ${more} more` : ''}.`,
  );
}

function placeOf([part, n, field]: readonly PropertyKey[]): string {
  if (part === undefined) return 'the body';
  if (n === undefined) return `"${String(part)}"`;
  return `row ${Number(n) + 1}${field === undefined ? '' : ` "${String(field)}"`}`;
}

function otherContent(key: string | null): AppError {
  return new AppError(
    'conflict',
    `A batch with the key ${JSON.stringify(key)} was sent before with other rows. Give a new batch a new key.`,
  );
}

import { addMonths, DAY_MS, toDay } from './days.ts';
import { atHour, termOn, type Life } from './life.ts';
import type { Planned } from './plan.ts';
import { random } from './random.ts';

/** Use and monthly bills are on record from so many months before the anchor; who is older did not write them down. */
export const RECORDED_MONTHS = 24;

export interface UsagePlan {
  /** the first day of the month, and when its numbers were known */
  month: number;
  createdAt: number;
  /** of its usual use */
  share: number;
  events: number;
}

/** Use of the product, one record for each month of service; it fades before an account leaves. */
export function planUsage({ world, life, story }: Planned): UsagePlan[] {
  const dice = random(world.seed, life.account, 9);
  const level = Math.max(5, 400 * Math.exp(0.5 * life.health + 0.3 * dice.normal()));
  const first = life.terms[0]?.start;
  const months: UsagePlan[] = [];
  if (first === undefined) return months;
  const begin = firstOfMonth(Math.max(first, addMonths(world.today, -RECORDED_MONTHS)));
  for (let month = begin; month * DAY_MS <= world.until; month = addMonths(month, 1)) {
    const next = addMonths(month, 1);
    const wobble = 0.85 + 0.3 * dice.next();
    const events = 0.85 + 0.3 * dice.next();
    const isServed = termOn(life, next - 1) !== undefined || termOn(life, month) !== undefined;
    const createdAt = atHour(next, 3);
    if (!isServed || createdAt > world.until) continue;
    const told = story?.usage.findLast(([day]) => world.today + day <= next - 1)?.[1];
    const share = (told ?? fadeOf(life, next - 1)) * wobble;
    months.push({ month, createdAt, share, events: Math.max(1, Math.round(level * share * events)) });
  }
  return months;
}

function fadeOf(life: Life, day: number): number {
  const term = termOn(life, day) ?? termOn(life, day - 27);
  if (term === undefined || term.leaves === null) return 1;
  const monthsLeft = Math.max(0, (term.end - day) / 30);
  return Math.min(1, 0.25 + 0.2 * monthsLeft);
}

function firstOfMonth(day: number): number {
  const date = new Date(day * DAY_MS);
  return toDay(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
}

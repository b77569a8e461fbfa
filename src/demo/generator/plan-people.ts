import { atHour } from './life.ts';
import { MESSY } from './messy.ts';
import type { Planned } from './plan.ts';
import { random, type Random } from './random.ts';

export interface PersonPlan {
  createdAt: number;
  /** when they left the company, in ms */
  leftAt: number | null;
}

/** The people of an account: the first comes with the company, the others as one gets to know them. */
export function planPeople(planned: Planned): PersonPlan[] {
  const { world, life, story, createdAt } = planned;
  if (story !== undefined) {
    return story.people.map(({ from, left }, k) => ({
      createdAt: k === 0 ? createdAt + 1_200_000 : atHour(world.today + from, 10 + k),
      leftAt: left === undefined ? null : atHour(world.today + left, 17),
    }));
  }
  const dice = random(world.seed, life.account, 5);
  const isDoubled = life.account === MESSY.duplicateContact;
  const count = (life.isCustomer ? dice.int(2, 7) : dice.int(1, 3)) + (isDoubled ? 1 : 0);
  const people: PersonPlan[] = [];
  let day = life.created;
  for (let k = 0; k < count; k += 1) {
    day += dice.int(0, 90);
    const at =
      k === 0 ? createdAt + 1_200_000 : Math.max(createdAt + 3_600_000, atHour(day, dice.int(7, 18)));
    const leaves = k > 0 && life.isCustomer && dice.chance(0.24 - 0.06 * life.health);
    people.push({ createdAt: at, leftAt: leaves ? at + dice.int(120, 1400) * 86_400_000 : null });
  }
  return people.filter((person) => person.createdAt <= world.until);
}

/** The numbers of those who are there at a moment; the first one when all others have left. */
export function presentAt(people: readonly PersonPlan[], at: number): number[] {
  const present = people.flatMap(({ createdAt, leftAt }, k) =>
    createdAt <= at && (leftAt === null || leftAt > at) ? [k] : [],
  );
  return present.length > 0 ? present : [0];
}

/** One of those who are there, the first ones more often. */
export function somebody(dice: Random, people: readonly PersonPlan[], at: number): number {
  const present = presentAt(people, at);
  return present[Math.floor(dice.next() ** 2 * present.length)] ?? 0;
}

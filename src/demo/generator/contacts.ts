import type { AssociationLabel } from '../source.ts';
import type { Draft } from './bundle.ts';
import { companyDomain } from './company.ts';
import { dayText } from './days.ts';
import { atHour } from './life.ts';
import { MESSY } from './messy.ts';
import type { Story } from './named.ts';
import { random, type Random } from './random.ts';
import { USAGE_TYPE } from './shape.ts';
import type { Change } from './story.ts';
import { BUYING_ROLES, FIRST_NAMES, LAST_NAMES } from './words.ts';

const ROLE_LABELS = {
  DECISION_MAKER: ['Decision maker', 101],
  CHAMPION: ['Champion', 103],
  BUDGET_HOLDER: ['Billing contact', 105],
} as const;

/** The portal's own ways to associate two records. */
export const ASSOCIATION_LABELS: readonly AssociationLabel[] = [
  ...Object.values(ROLE_LABELS).map(([label, typeId]) => ({
    fromType: 'contacts',
    toType: 'companies',
    typeId,
    backTypeId: typeId + 1,
    label,
  })),
  { fromType: USAGE_TYPE, toType: 'companies', typeId: 711, backTypeId: 712, label: null },
];

/** The people of an account: who decides, who uses, who has left. */
export function buildContacts(draft: Draft): void {
  const { life, world, plan, story } = draft;
  const dice = random(world.seed, life.account, 17);
  const company = draft.id('companies', 0);
  const doubled = life.account === MESSY.duplicateContact ? plan.people.length - 1 : -1;
  const first = story === undefined ? drawPerson(draft, dice, 0) : toldPerson(draft, story, 0);
  for (const [k, { createdAt }] of plan.people.entries()) {
    const person =
      k === 0 ? first : story === undefined ? drawPerson(draft, dice, k) : toldPerson(draft, story, k);
    const id = draft.add('contacts', {
      createdAt,
      changes: contactChanges(draft, dice, k),
      properties: k === doubled ? { ...first, email: null } : person,
    });
    draft.link(['contacts', id], ['companies', company], 279, 280);
    draft.link(['contacts', id], ['companies', company], 1, 2);
    const role = person['hs_buying_role'] ?? '';
    if (role in ROLE_LABELS && life.isCustomer) {
      const [label, typeId] = ROLE_LABELS[role as keyof typeof ROLE_LABELS];
      draft.link(['contacts', id], ['companies', company], typeId, typeId + 1, label);
    }
  }
}

function drawPerson(draft: Draft, dice: Random, k: number): Record<string, string | null> {
  const [given, family] = [dice.pick(FIRST_NAMES), dice.pick(LAST_NAMES)];
  const job = dice.pick(['Operations Manager', 'Analyst', 'Head of Finance', 'Team Lead', 'Engineer']);
  return person(draft, k, {
    first: given,
    last: family,
    job: k === 0 ? 'Chief Operating Officer' : job,
    role: BUYING_ROLES[k] ?? 'END_USER',
  });
}

function toldPerson(draft: Draft, story: Story, k: number): Record<string, string | null> {
  const told = story.people[k];
  if (told === undefined) throw new RangeError(`The story of ${story.name} has no person ${k}.`);
  return person(draft, k, told);
}

function person(
  draft: Draft,
  k: number,
  { first, last, job, role }: { first: string; last: string; job: string; role: string },
): Record<string, string | null> {
  const { life, world, plan } = draft;
  const hasMerged = life.account === MESSY.mergedContact && k === 0;
  return {
    firstname: first,
    lastname: last,
    email: `${first}.${last}.${k}@${companyDomain(world, life.account)}`.toLowerCase(),
    jobtitle: job,
    hs_buying_role: role,
    lifecyclestage: 'lead',
    hubspot_owner_id: draft.owner,
    hs_merged_object_ids: hasMerged ? draft.id('contacts', plan.people.length) : null,
  };
}

function contactChanges({ life, plan }: Draft, dice: Random, k: number): Change[] {
  const first = life.terms[0]?.start;
  const leftAt = plan.people[k]?.leftAt ?? null;
  const optsOut = dice.chance(0.04);
  const outAt = (plan.people[k]?.createdAt ?? 0) + dice.int(1, 700) * 86_400_000;
  return [
    ...(first === undefined ? [] : [{ at: atHour(first, 9), set: { lifecyclestage: 'customer' } }]),
    ...(leftAt === null ? [] : [{ at: leftAt, set: { hf_left_company: true } }]),
    ...(optsOut ? [{ at: outAt, set: { hs_email_optout: true } }] : []),
    ...plan.asked
      .filter((asked) => asked.person === k)
      .map(({ at }) => ({ at, set: { hf_last_nps_sent_at: dayText(Math.floor(at / 86_400_000)) } })),
  ];
}

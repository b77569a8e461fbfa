import type { AssociationLabel } from '../source.ts';
import type { Draft } from './bundle.ts';
import { companyDomain } from './company.ts';
import { DAY_MS } from './days.ts';
import { MESSY } from './messy.ts';
import { random } from './random.ts';
import { USAGE_TYPE } from './shape.ts';
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
  const { life, seed, shape, today } = draft;
  const dice = random(seed, life.account, 5);
  const company = draft.id('companies', 0);
  const duplicated = life.account === MESSY.duplicateContact ? shape.contacts - 1 : -1;
  let first: Record<string, string | null> | null = null;
  for (let k = 0; k < shape.contacts; k += 1) {
    const role = BUYING_ROLES[k] ?? 'END_USER';
    const [given, family] = [dice.pick(FIRST_NAMES), dice.pick(LAST_NAMES)];
    const hasLeft = k > 0 && life.isCustomer && dice.chance(0.12 - 0.05 * life.health);
    const person: Record<string, string | null> = {
      firstname: given,
      lastname: family,
      email: `${given}.${family}.${k}@${companyDomain(seed, life.account)}`.toLowerCase(),
      jobtitle:
        k === 0
          ? 'Chief Operating Officer'
          : dice.pick(['Operations Manager', 'Analyst', 'Head of Finance', 'Team Lead', 'Engineer']),
      hs_buying_role: role,
      lifecyclestage: life.isCustomer ? 'customer' : 'lead',
      hubspot_owner_id: draft.owner,
      hf_left_company: hasLeft ? 'true' : null,
      hs_email_optout: dice.chance(0.04) ? 'true' : null,
      hs_merged_object_ids:
        life.account === MESSY.mergedContact && k === 0 ? draft.id('contacts', shape.contacts) : null,
    };
    first ??= person;
    const createdAt =
      Math.min(life.created + dice.int(0, 400), today - 1) * DAY_MS + dice.int(7, 18) * 3_600_000;
    const id = draft.add('contacts', {
      createdAt,
      changes: [createdAt + dice.int(1, 300) * DAY_MS],
      properties: k === duplicated ? { ...first, email: null } : person,
    });
    draft.link(['contacts', id], ['companies', company], 279, 280);
    draft.link(['contacts', id], ['companies', company], 1, 2);
    if (role in ROLE_LABELS && life.isCustomer) {
      const [label, typeId] = ROLE_LABELS[role as keyof typeof ROLE_LABELS];
      draft.link(['contacts', id], ['companies', company], typeId, typeId + 1, label);
    }
  }
}

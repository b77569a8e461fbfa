import type { Draft } from './bundle.ts';
import { companyChanges } from './company-changes.ts';
import { MESSY } from './messy.ts';
import { storyOf } from './named.ts';
import { random } from './random.ts';
import type { World } from './world.ts';
import { COMPANY_ENDS, COMPANY_MIDDLES, COMPANY_STARTS, INDUSTRIES } from './words.ts';

export function companyName(world: World, account: number): string {
  const told = storyOf(world, account);
  if (told !== undefined) return told.name;
  const dice = random(world.seed, account, 3);
  return `${dice.pick(COMPANY_STARTS)}${dice.pick(COMPANY_MIDDLES)} ${dice.pick(COMPANY_ENDS)}`;
}

/** The company's web domain; the number keeps it its own. */
export function companyDomain(world: World, account: number): string {
  return `${companyName(world, account).toLowerCase().replaceAll(/\W+/g, '-')}-${account}.example`;
}

/** The company record; what happens to it over the years is told beside it. */
export function buildCompany(draft: Draft): void {
  const { life, world, story, plan } = draft;
  const dice = random(world.seed, life.account, 4);
  const industry = dice.pick(INDUSTRIES);
  const country = dice.pick(['Germany', 'United Kingdom', 'United States', 'Netherlands', 'France']);
  const seats = Math.max(3, Math.round((life.terms[0]?.mrr ?? 200) / 40));
  const employees = Math.round(seats * (2 + 8 * dice.next()));
  draft.add('companies', {
    createdAt: plan.createdAt,
    changes: companyChanges(draft, dice),
    properties: {
      createdate: new Date(plan.createdAt).toISOString(),
      name: nameOf(draft),
      domain: companyDomain(world, life.account),
      industry: story?.industry ?? industry,
      country,
      numberofemployees: life.account === MESSY.textInNumber ? 'N/A' : employees,
      lifecyclestage: 'lead',
      hubspot_owner_id: draft.owner,
      hf_account_type: life.account === MESSY.internalAccount ? 'internal' : 'regular',
      hs_merged_object_ids: life.account === MESSY.mergedCompany ? draft.id('companies', 1) : null,
    },
  });
  if (life.account === MESSY.child)
    draft.link(['companies', draft.id('companies', 0)], ['companies', draft.companyId(MESSY.parent)], 14, 13);
  if (life.account === MESSY.parent)
    draft.link(['companies', draft.id('companies', 0)], ['companies', draft.companyId(MESSY.child)], 13, 14);
}

function nameOf({ life, world }: Draft): string {
  const name = companyName(world, life.account);
  if (life.account !== MESSY.wildText) return name;
  return `${name} & <script>alert("Söhne")</script> 株式会社 🚀 ${'und Partner '.repeat(12)}GmbH`;
}

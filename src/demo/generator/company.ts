import type { SourceVersion } from '../source.ts';
import type { Draft } from './bundle.ts';
import { addMonths, DAY_MS, dayText } from './days.ts';
import type { Life } from './life.ts';
import { MESSY } from './messy.ts';
import { random } from './random.ts';
import { COMPANY_ENDS, COMPANY_MIDDLES, COMPANY_STARTS, INDUSTRIES } from './words.ts';

export function companyName(seed: number, account: number): string {
  const dice = random(seed, account, 3);
  return `${dice.pick(COMPANY_STARTS)}${dice.pick(COMPANY_MIDDLES)} ${dice.pick(COMPANY_ENDS)}`;
}

/** The company's web domain; the number keeps it its own. */
export function companyDomain(seed: number, account: number): string {
  return `${companyName(seed, account).toLowerCase().replaceAll(' ', '-')}-${account}.example`;
}

/** The company record, with the histories of its lifecycle stage and renewal date. */
export function buildCompany(draft: Draft): void {
  const { life, seed, today } = draft;
  const dice = random(seed, life.account, 4);
  const last = life.terms.at(-1);
  const first = life.terms[0];
  const mrr = last === undefined ? null : last.mrr + (last.expansion?.mrr ?? 0);
  const seats = Math.max(3, Math.round((mrr ?? 200) / 40));
  const use = Math.max(0.02, Math.min(1, 0.55 + 0.22 * life.health + 0.08 * dice.normal()));
  const active = life.isCustomer && life.churn === null;
  const isMissing = life.account === MESSY.missingDates;
  const createdAt = life.created * DAY_MS + dice.int(8, 17) * 3_600_000;
  draft.add('companies', {
    createdAt,
    changes: [
      (last?.start ?? life.created) * DAY_MS,
      (life.churn?.day ?? 0) * DAY_MS,
      (today - dice.int(0, 120)) * DAY_MS,
    ],
    properties: {
      createdate: new Date(createdAt).toISOString(),
      name: nameOf(draft),
      domain: companyDomain(seed, life.account),
      industry: dice.pick(INDUSTRIES),
      country: dice.pick(['Germany', 'United Kingdom', 'United States', 'Netherlands', 'France']),
      numberofemployees:
        life.account === MESSY.textInNumber ? 'N/A' : Math.round(seats * (2 + 8 * dice.next())),
      lifecyclestage: stageOf(life),
      hubspot_owner_id: draft.owner,
      hs_csm_sentiment: active ? sentiment(life.health + 0.5 * dice.normal()) : null,
      hf_account_type: life.account === MESSY.internalAccount ? 'internal' : 'regular',
      hf_plan: life.isCustomer ? life.plan : null,
      hf_contract_start: isMissing || first === undefined ? null : dayText(first.start),
      hf_renewal_date: isMissing || last === undefined ? null : dayText(last.end + 1),
      hf_contract_value: mrr === null ? null : life.account === MESSY.negativeValue ? -12 * mrr : 12 * mrr,
      hf_contract_currency: life.isCustomer
        ? life.account === MESSY.unknownCurrency
          ? 'XXB'
          : life.currency
        : null,
      hf_notice_days: life.isCustomer && life.billing === 'yearly' ? dice.pick([30, 60, 90]) : null,
      hf_churn_date: life.churn === null ? null : dayText(life.churn.day),
      hf_churn_reason: life.churn?.reason ?? null,
      hf_churn_kind: life.churn?.kind ?? null,
      hf_paused_from: life.account === MESSY.pause ? dayText(today - 100) : null,
      hf_paused_to: life.account === MESSY.pause ? dayText(today - 40) : null,
      hf_seats: life.isCustomer ? seats : null,
      hf_monthly_active_users: active ? Math.round(seats * use) : null,
      hf_last_nps_sent_at: active ? dayText(today - dice.int(5, 170)) : null,
      hs_merged_object_ids: life.account === MESSY.mergedCompany ? draft.id('companies', 1) : null,
    },
    history: {
      lifecyclestage: stageHistory(life, draft.anchor),
      hf_renewal_date: isMissing ? [] : renewalHistory(life, draft.anchor),
    },
  });
  if (life.account === MESSY.child)
    draft.link(['companies', draft.id('companies', 0)], ['companies', draft.companyId(MESSY.parent)], 14, 13);
  if (life.account === MESSY.parent)
    draft.link(['companies', draft.id('companies', 0)], ['companies', draft.companyId(MESSY.child)], 13, 14);
}

function nameOf({ life, seed }: Draft): string {
  const name = companyName(seed, life.account);
  if (life.account !== MESSY.wildText) return name;
  return `${name} & <script>alert("Söhne")</script> 株式会社 🚀 ${'und Partner '.repeat(12)}GmbH`;
}

function stageOf(life: Life): string {
  if (!life.isCustomer) return life.account % 3 === 0 ? 'opportunity' : 'lead';
  return life.churn === null ? 'customer' : 'other';
}

function sentiment(mood: number): string {
  return mood > 0.7 ? 'Positive' : mood < -0.8 ? 'Negative' : 'Neutral';
}

function stageHistory(life: Life, anchor: number): SourceVersion[] {
  const steps: [string, number][] = [['lead', life.created]];
  if (life.terms[0] !== undefined)
    steps.push(['opportunity', life.created + 5], ['customer', life.terms[0].start]);
  if (life.churn !== null) steps.push(['other', life.churn.day + 1]);
  return versions(steps, anchor);
}

// The date of the next renewal was typed in anew with every term, sometimes a few days late.
function renewalHistory(life: Life, anchor: number): SourceVersion[] {
  return versions(
    life.terms.map((term) => [dayText(addMonths(term.start, term.months)), term.start + 2]),
    anchor,
  );
}

function versions(steps: readonly (readonly [string, number])[], anchor: number): SourceVersion[] {
  return steps
    .map(([value, day]) => ({
      value,
      at: Math.min(day * DAY_MS + 9 * 3_600_000, anchor),
      sourceType: 'CRM_UI',
      sourceId: null,
      userId: 1,
    }))
    .toReversed();
}

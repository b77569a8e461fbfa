import { parseMapping, type Mapping } from './mapping.ts';

/** A property of the portal, as far as a proposal needs it. */
export interface KnownProperty {
  objectType: string;
  name: string;
  label: string;
  type: string;
}

interface Guess {
  field: string;
  /** HubSpot's own names first; then what people call theirs, looked for in name and label */
  names?: readonly string[];
  words?: RegExp;
  types?: readonly string[];
}

const DATE = ['date', 'datetime'];
const NUMBER = ['number'];

/** "Auto-renew", "Renews automatically", "Automatic renewal" */
const AUTO_RENEW: Guess = {
  field: 'auto_renew',
  words: /\bauto(matic(ally)?)? ?renew\w*\b|\brenews? (automatically|by itself)\b/,
  types: ['bool', 'enumeration'],
};

const ACCOUNT_GUESSES: readonly Guess[] = [
  { field: 'type', words: /\b(account|customer) type\b/ },
  { field: 'flag', names: ['lifecyclestage'] },
  { field: 'plan', words: /\b(plan|package|edition|tier)\b/ },
  { field: 'segment', words: /\b(segment|plan|tier)\b/ },
  { field: 'churn_date', words: /\b(churn|cancell?ation|lost|termination) (date|on)\b/, types: DATE },
  { field: 'churn_kind', words: /\b(churn|cancell?ation) (kind|type)\b/ },
  { field: 'churn_reason', words: /\b(churn|cancell?ation|leaving) (reason|cause)\b/ },
  { field: 'notice_days', words: /\bnotice (days|period)\b/, types: NUMBER },
  { field: 'paused_from', words: /\bpaused? (from|since|start)\b/, types: DATE },
  { field: 'paused_to', words: /\bpaused? (to|until|end)\b/, types: DATE },
  { field: 'seats', words: /\b(seats|licen[cs]es)\b/, types: NUMBER },
  { field: 'monthly_active_users', words: /\b(monthly active users|mau|active users)\b/, types: NUMBER },
  { field: 'last_survey_sent', words: /\blast (nps|survey) sent\b/, types: DATE },
];

const CONTRACT_GUESSES: Record<'subscriptions' | 'line_items' | 'deals' | 'companies', readonly Guess[]> = {
  subscriptions: [
    { field: 'start', names: ['hs_recurring_billing_start_date'] },
    { field: 'end', names: ['hs_recurring_billing_end_date'] },
    { field: 'mrr', names: ['hs_mrr'] },
    { field: 'amount', names: ['hs_next_payment_amount'] },
    { field: 'frequency', names: ['hs_recurring_billing_frequency'] },
    { field: 'currency', names: ['hs_currency_code'] },
    AUTO_RENEW,
  ],
  line_items: [
    { field: 'start', names: ['hs_recurring_billing_start_date'] },
    { field: 'end', names: ['hs_recurring_billing_end_date'] },
    { field: 'mrr', names: ['hs_mrr'] },
    { field: 'amount', names: ['amount'] },
    { field: 'frequency', names: ['recurringbillingfrequency'] },
    { field: 'term_months', names: ['hs_recurring_billing_period'] },
    { field: 'currency', names: ['hs_line_item_currency_code'] },
    { field: 'line', names: ['hs_product_id'] },
    AUTO_RENEW,
  ],
  deals: [
    {
      field: 'start',
      words: /\b(term|contract|service|subscription) start\b/,
      types: DATE,
      names: ['closedate'],
    },
    { field: 'end', words: /\b(term|contract|service|subscription) end\b/, types: DATE },
    { field: 'mrr', names: ['hs_mrr'] },
    { field: 'arr', names: ['hs_arr'] },
    { field: 'amount', names: ['amount'] },
    { field: 'term_months', words: /\b(term|contract) (in )?(months|length)\b/, types: NUMBER },
    { field: 'currency', names: ['deal_currency_code'] },
    { field: 'rate', names: ['hs_exchange_rate'] },
    { field: 'kind', words: /\b(motion|deal kind)\b/, names: ['dealtype'] },
    { field: 'won', names: ['hs_is_closed_won'] },
    AUTO_RENEW,
  ],
  companies: [
    { field: 'start', words: /\b(contract|subscription|customer) start\b/, types: DATE },
    { field: 'end', words: /\b(renewal|contract end) date\b|\brenewal\b/, types: DATE },
    { field: 'arr', words: /\b(contract value|arr|annual recurring revenue)\b/, types: NUMBER },
    { field: 'currency', words: /\bcontract currency\b/ },
    { field: 'notice_days', words: /\bnotice (days|period)\b/, types: NUMBER },
    { field: 'churn_date', words: /\b(churn|cancell?ation|termination) date\b/, types: DATE },
    { field: 'churn_kind', words: /\b(churn|cancell?ation) (kind|type)\b/ },
    { field: 'churn_reason', words: /\b(churn|cancell?ation) reason\b/ },
    AUTO_RENEW,
  ],
};

const CONTACT_GUESSES: readonly Guess[] = [
  { field: 'role', names: ['hs_buying_role'] },
  { field: 'title', names: ['jobtitle'] },
  { field: 'left', words: /\b(left|no longer (at|with)) (the )?company\b/ },
  { field: 'last_survey_sent', words: /\blast (nps|survey) sent\b/, types: DATE },
];
const INVOICE_GUESSES: readonly Guess[] = [
  { field: 'paid', words: /\b(paid (date|on)|payment date|date paid)\b/, types: DATE },
];
const TICKET_GUESSES: readonly Guess[] = [
  { field: 'satisfaction', words: /\b(csat|satisfaction)\b/, types: NUMBER },
];
/** What makes a custom object one of usage: a day or month, and a number of people or events. */
const USAGE_GUESSES: readonly Guess[] = [
  { field: 'day', words: /\busage (day|date|month)\b/, types: DATE },
  { field: 'feature', words: /\bfeature\b/ },
  { field: 'count', words: /\b(event|usage) count\b/, types: NUMBER },
  { field: 'active_users', words: /\bactive users\b/, types: NUMBER },
];

/** A mapping made from what the portal has: what HubSpot names itself, and what people's own names and labels suggest. A person should look at it. */
export function proposeMapping(properties: readonly KnownProperty[]): Mapping {
  const pick = (objectType: string, guesses: readonly Guess[]): Record<string, string> =>
    Object.fromEntries(
      guesses.flatMap((guess) => {
        const found = find(properties, objectType, guess);
        return found === null ? [] : [[guess.field, found]];
      }),
    );
  return parseMapping({
    version: 1,
    accounts: { ...pick('companies', ACCOUNT_GUESSES), flag_values: ['customer'] },
    contracts: {
      subscriptions: { ...pick('subscriptions', CONTRACT_GUESSES.subscriptions), open_ended: true },
      line_items: { ...pick('line_items', CONTRACT_GUESSES.line_items), open_ended: true },
      deals: {
        ...pick('deals', CONTRACT_GUESSES.deals),
        kinds: { new: ['newbusiness'], renewal: [], expansion: [], return: [] },
      },
      companies: { ...pick('companies', CONTRACT_GUESSES.companies), end_is: 'day_after' },
    },
    contacts: pick('contacts', CONTACT_GUESSES),
    invoices: pick('invoices', INVOICE_GUESSES),
    tickets: pick('tickets', TICKET_GUESSES),
    usage: usageOf(properties, pick),
  });
}

// HubSpot has no object for usage: the portal's own one with a day and a number.
function usageOf(
  properties: readonly KnownProperty[],
  pick: (objectType: string, guesses: readonly Guess[]) => Record<string, string>,
): Record<string, string> {
  const custom = new Set(properties.map((one) => one.objectType).filter((type) => type.startsWith('2-')));
  for (const type of custom) {
    const found = pick(type, USAGE_GUESSES);
    if (found['day'] !== undefined && (found['count'] ?? found['active_users']) !== undefined)
      return { object_type: type, ...found };
  }
  return {};
}

function find(properties: readonly KnownProperty[], objectType: string, guess: Guess): string | null {
  const own = properties.filter(
    (one) => one.objectType === objectType && (guess.types === undefined || guess.types.includes(one.type)),
  );
  const byWords = own.find((one) => guess.words?.test(wordsOf(one)) === true);
  const byName = guess.names?.find((name) => own.some((one) => one.name === name));
  return byWords?.name ?? byName ?? null;
}

function wordsOf({ name, label }: KnownProperty): string {
  return `${label} ${name}`.toLowerCase().replaceAll(/[_-]+/g, ' ');
}

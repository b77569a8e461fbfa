import type { Card, Contract, Driver, HealthBand, RenewalBand, Status, SurveyAnswer } from './answer.ts';
import type { Format } from './format.ts';
import type { Fault } from './read-answer.ts';

const plurals = new Intl.PluralRules('en');

const STATUS: Record<Status, string> = {
  customer: 'Customer',
  lapsed: 'Lapsed',
  former: 'Former customer',
  future: 'Future customer',
  trial: 'On trial',
  free: 'Free plan',
  uncovered: 'No contract',
};

const RENEWAL_BAND: Record<RenewalBand, string> = {
  past_due: 'Past due',
  within_30: 'Within 30 days',
  within_90: '31 to 90 days',
  within_180: '91 to 180 days',
  later: 'Later',
};

const HEALTH_BAND: Record<HealthBand, string> = { good: 'Good', watch: 'Watch', risk: 'At risk' };

const MEASURE: Record<Driver['measure'], string> = {
  nps: 'Survey answers',
  contact: 'Two-way contact',
  tickets: 'Open tickets',
  usage: 'Usage',
  invoices: 'Overdue invoices',
};

const GROUP: Record<NonNullable<SurveyAnswer['group']>, string> = {
  promoter: 'Promoter',
  passive: 'Passive',
  detractor: 'Detractor',
};

const CONTRACT_STATE: Record<Contract['state'], string> = {
  in_force: 'In force',
  paused: 'Paused',
  ended: 'Ended',
  future: 'Not begun',
  trial: 'Trial',
};

const CONTRACT_KIND: Record<string, string> = {
  new: 'New business',
  renewal: 'Renewal',
  expansion: 'Expansion',
  return: 'Return',
};

const TOUCH: Record<string, string> = {
  email: 'E-mail from them',
  call: 'Call',
  meeting: 'Meeting',
  task: 'Task',
};

const RECORD: Record<string, string> = {
  companies: 'Company',
  contacts: 'Contact',
  deals: 'Deal',
  line_items: 'Line item',
  tickets: 'Ticket',
  feedback_submissions: 'Survey answer',
  subscriptions: 'Subscription',
  invoices: 'Invoice',
  meetings: 'Meeting',
  calls: 'Call',
  emails: 'E-mail',
  notes: 'Note',
  tasks: 'Task',
};

const PRIORITY: Record<string, string> = { LOW: 'Low', MEDIUM: 'Medium', HIGH: 'High', URGENT: 'Urgent' };

const MOVEMENT: Record<string, string> = {
  new: 'Became a customer',
  expansion: 'Expansion',
  contraction: 'Contraction',
  churn: 'Left',
  reactivation: 'Came back',
  pause: 'Paused',
  resume: 'Resumed',
  currency: 'Exchange rate moved',
  renewal: 'Renewed',
};

const ROLE: Record<string, string> = {
  DECISION_MAKER: 'Decision maker',
  BUDGET_HOLDER: 'Budget holder',
  CHAMPION: 'Champion',
  INFLUENCER: 'Influencer',
  END_USER: 'End user',
  EXECUTIVE_SPONSOR: 'Executive sponsor',
  LEGAL_AND_COMPLIANCE: 'Legal and compliance',
  BLOCKER: 'Blocker',
  OTHER: 'Other',
};

const RULE: Record<string, string> = {
  first_paid_day_of_spell:
    'The first paid day of the current spell. A gap longer than the grace period ends a spell.',
  earliest_term_end:
    'The earliest end of a term, from today on, that no signed contract follows. Days count to the last day for notice where one is known.',
  sum_in_force: 'The sum of the recurring value of all contracts in force today, times twelve months.',
  latest_two_way_contact:
    'The latest e-mail from them, connected call or meeting that took place. Our own mails, notes and tasks do not count.',
  earliest_planned_touch: 'The earliest meeting, call or task that lies ahead.',
  runs_on: 'A contract in force has no end, so it runs on until notice is given.',
  term_end_minus_notice_days: 'The end of the term, less the days of notice that its record gives.',
  state_of_contracts: 'What its contracts say of today: which are in force, have ended, or are yet to begin.',
  flag_without_contract: 'It is called a customer, but no record holds a contract of it.',
  imported_without_contract: 'It was imported as an account, without a contract.',
  recorded: 'As it is recorded.',
  answers_of_its_people: 'Answers of anybody at the company to any survey that HubSpot holds.',
  asked_and_no_answer_since: 'Who was sent a survey within a year, and has not answered one since.',
  open_tickets: 'Tickets of the company that are not closed.',
  unpaid_past_due: 'Invoices of the company that are past their due day and not paid.',
  latest_answers_mean:
    'The mean of everybody’s latest answer to “how likely are you to recommend us” within a year.',
  days_since_two_way_contact: 'Days since the latest two-way contact.',
  open_tickets_weighted: 'Tickets that are open today; one that is high or urgent counts twice.',
  active_users_of_seats: 'People who used it lately, as a share of the seats that are paid for.',
  oldest_overdue_invoice: 'How many days the oldest unpaid invoice is late.',
};

const RULE_PART: Record<string, string> = {
  start: 'Start',
  end: 'End',
  mrr: 'Contract value',
  service_end: 'Service',
  currency: 'Currency',
  auto_renew: 'Renews by itself',
  notice: 'Notice',
  pause: 'Pause',
  churn_kind: 'Kind of leaving',
  churn_reason: 'Reason for leaving',
};

/** How a value of a contract was made, where it was not simply read from a property. */
const HOW: Record<string, string> = {
  mrr: 'Value a month, times twelve',
  'arr / 12': 'Value a year',
  'amount / frequency': 'Amount and how often it is paid',
  'amount / term': 'Amount, over the months of the term',
  'amount / twelve months assumed': 'Amount, over twelve months: no length is recorded',
  'start + term': 'Start and length of the term',
  'twelve months assumed': 'Twelve months from the start, assumed: no length is recorded',
  'runs on': 'No end: runs on until notice is given',
  'successor starts': 'Ends where the next contract begins',
  'churn flag': 'The record says that it left',
  'churn event': 'An event says that it left',
  recorded: 'As it is recorded',
  'end of term': 'Ends with the term',
  'no end recorded': 'No end is recorded',
  'not recorded': 'Not recorded',
  'not recorded: no': 'Not recorded, counted as no',
  "not recorded: the portal's": 'Not recorded, taken as the portal’s',
  none: 'None',
};

/**
 * Everything a person reads on the cards, in English. Another language is one more file of the same shape. What is not known says so in
 * words: a blank or a 0 would be read as a fact.
 */
export function en(format: Format) {
  const some = (count: number, one: string, other: string): string =>
    `${format.number(count)} ${plurals.select(count) === 'one' ? one : other}`;
  const days = (count: number): string => some(count, 'day', 'days');
  const known = (table: Record<string, string>, key: string): string =>
    Object.hasOwn(table, key) ? (table[key] ?? key) : readable(key);

  return {
    notKnown: 'Not known',
    loading: 'Reading the account',
    retry: 'Try again',
    more: 'Why?',
    nameless: 'Company without a name',
    nobody: 'Name not known',
    listOf: (parts: readonly string[]) => format.list(parts),
    joined: (parts: readonly string[]) => parts.join(' · '),

    failed: {
      title: 'The account cannot be shown',
      unreachable:
        'Holdfast did not answer. Try again in a minute; if it stays so, ask your admin whether Holdfast runs.',
      unreadable:
        'Holdfast answered with something this card cannot read. Ask your admin to look at its log.',
      newer: 'This card is older than Holdfast. Ask your admin to upload it again.',
      no_host: 'This card does not know where Holdfast runs. Ask your admin to upload it with API_HOST set.',
      status: (status: number | null) =>
        status === null
          ? 'Holdfast could not answer. Try again in a minute; if it stays so, ask your admin.'
          : `Holdfast could not answer (status ${status}). Try again in a minute; if it stays so, ask your admin.`,
    } satisfies Record<Exclude<Fault['kind'], 'status'> | 'title', string> & { status: unknown },
    refused: 'Nothing to show',
    notReady: 'Not there yet',

    status: (status: Status) => STATUS[status],
    demo: 'Demo data',
    plan: (plan: string) => `Plan: ${plan}`,
    asOf: (card: Card) => `As of ${format.day(card.asOf.today)}`,
    published: (at: string, zone: string) => `Data published ${format.moment(at, zone)}`,

    notice: {
      former: 'This company left',
      lapsed: 'The paid service has ended',
      future: 'Not a customer yet',
      trial: 'On trial, not a customer yet',
      trialBody: 'It has only had trials, and a trial makes no customer.',
      free: 'On a free plan',
      freeBody: 'It is served without paying, so it is not counted as a customer.',
      uncovered: 'No contract covers this company',
      formerBody: (since: string | null, lastDay: string | null) =>
        lastDay === null
          ? 'When its service ended is not known.'
          : since === null
            ? `It was a customer until ${format.day(lastDay)}.`
            : `It was a customer from ${format.day(since)} to ${format.day(lastDay)}.`,
      last: (shown: string) => `Its last contract value was ${shown} a year.`,
      lapsedBody: 'It ended so recently that a renewal may yet come, so it still counts as a customer.',
      futureBody: (startsOn: string | null) =>
        startsOn === null
          ? 'A contract is signed; when it begins is not known.'
          : `Its first contract begins on ${format.day(startsOn)}.`,
      uncoveredBody: 'It is called a customer, but no record holds a contract of it, so it is in no number.',
      importedBody:
        'It was imported as an account, but without a contract, so it is in no number of customers.',
      reason: (reason: string) => `Reason: ${readable(reason)}.`,
      noReason: 'Why is not known.',
    },

    fact: {
      renewal: 'Renewal',
      value: 'Contract value',
      tenure: 'Tenure',
      health: 'Health',
      survey: 'Last survey answer',
      contact: 'Last two-way contact',
      tickets: 'Open tickets',
      invoices: 'Overdue invoices',
      next: 'Next step',
      owner: 'Owner',
    },

    renewal: {
      band: (band: RenewalBand) => RENEWAL_BAND[band],
      none: 'No term is running',
      unknown: 'Not known when the term ends',
      notice: (left: number) => inDays('Notice deadline', left),
      renewal: (left: number) => inDays('Renewal', left),
      noticeBy: (day: string) => `Notice by ${format.day(day)}`,
      noNotice: 'Notice deadline not known',
      auto: (day: string) => `Renews on ${format.day(day)} unless notice is given`,
      manual: (day: string) => `Ends on ${format.day(day)} unless it is renewed`,
      autoUnknown: (day: string) =>
        `Term ends on ${format.day(day)}; whether it renews by itself is not recorded`,
      runsOn: 'No end: runs on until notice is given',
      anotherRunsOn: 'Another contract has no end and runs on until notice is given',
      assumed: 'Length of the term not recorded; twelve months assumed',
    },

    value: {
      yearly: (shown: string) => `${shown} a year`,
      own: (shown: string) => `Signed as ${shown}`,
      none: 'No contract in force',
      last: (shown: string) => `Last value ${shown} a year`,
      contracts: (count: number) => some(count, 'contract in force', 'contracts in force'),
      withoutRate: (count: number) =>
        `${some(count, 'contract', 'contracts')} without an exchange rate, not in the value`,
      next: (shown: string, day: string) => `From ${format.day(day)}: ${shown} a year`,
    },

    tenure: {
      days,
      since: (day: string) => `Since ${format.day(day)}`,
      wasSince: (day: string) => `Was a customer from ${format.day(day)} on`,
      was: (from: string, to: string) => `Was a customer from ${format.day(from)} to ${format.day(to)}`,
      first: (day: string) => `First a customer on ${format.day(day)}`,
      firstFrom: (day: string) => `First a customer from ${format.day(day)}`,
      served: (day: string) => `No service from ${format.day(day)} on`,
      notToday: 'No customer today',
    },

    health: {
      band: (band: HealthBand) => HEALTH_BAND[band],
      of100: (score: number) => `${format.number(score)} of 100`,
      change30: (change: number | null) =>
        change === null ? '30 days: not known' : `${format.signed(change)} in 30 days`,
      change90: (change: number | null) =>
        change === null ? '90 days: not known' : `${format.signed(change)} in 90 days`,
      coverage: (coverage: number) => `${format.percent(coverage)} measured`,
      insufficient: 'Not enough data for a score',
      insufficientBody: (coverage: number) =>
        `Only ${format.percent(coverage)} of what the score is made of has anything to measure.`,
      onlyCustomers: 'Only customers are scored',
      down: 'Where points are missing',
      up: 'What holds it up',
      nothingMissing: 'No points are missing.',
      missing: (missing: number, weight: number) =>
        `${format.points(missing)} of ${format.points(weight)} points missing`,
      earned: (earned: number, weight: number) =>
        `${format.points(earned)} of ${format.points(weight)} points earned`,
      measure: (measure: Driver['measure']) => MEASURE[measure],
      measured: (driver: Driver) => measured(driver),
      unmeasured: 'Nothing to measure',
      scale: (driver: Driver) =>
        `No points at ${amount(driver.unit, driver.worst)}, all at ${amount(driver.unit, driver.best)}`,
      version: (version: string) => `Scored by the rules ${version}: expert weights, not yet tested`,
      versionShort: (version: string) => `${version}: expert weights, not yet tested`,
      columns: {
        measure: 'Measure',
        measured: 'Measured',
        scale: 'Scale',
        earned: 'Points earned',
        missing: 'Points missing',
        evidence: 'Evidence',
      },
      pointsOf: (points: number, weight: number) => `${format.points(points)} of ${format.points(weight)}`,
      noEvidence: 'No single record',
      empty: 'No measure applies to this account.',
    },

    survey: {
      answer: (answer: SurveyAnswer) => {
        const score =
          answer.score === null
            ? 'without a score'
            : answer.scaleMax === null
              ? format.number(answer.score)
              : `${format.number(answer.score)} of ${format.number(answer.scaleMax)}`;
        return `${answer.type} ${score}`;
      },
      group: (group: SurveyAnswer['group']) => (group === null ? 'Not grouped' : GROUP[group]),
      by: (who: string, day: string) => `${who}, ${format.day(day)}`,
      words: 'Left a comment',
      noWords: 'No comment',
      none: 'No answers yet',
      silent: (who: string) => `No answer since asked: ${who}`,
      askedOn: (who: string, day: string) => `${who} (${format.day(day)})`,
      andMore: (count: number) => some(count, 'other', 'others'),
      allAnswered: 'Everybody asked has answered',
      nobodyAsked: 'Nobody was asked yet',
      silentUnknown: 'HubSpot does not say who was asked',
      title: 'Answers',
      silentTitle: 'Asked, no answer since',
      total: (shown: number, total: number) =>
        `The newest ${format.number(shown)} of ${format.number(total)}.`,
      columns: {
        day: 'Day',
        answer: 'Answer',
        group: 'Group',
        who: 'Who',
        words: 'Comment',
        asked: 'Asked on',
      },
    },

    contact: {
      ago: (type: string, count: number) =>
        `${known(TOUCH, type)}, ${count === 0 ? 'today' : `${days(count)} ago`}`,
      none: 'None known',
    },
    tickets: {
      open: (open: number, urgent: number) =>
        urgent === 0
          ? `${format.number(open)} open`
          : `${format.number(open)} open, ${format.number(urgent)} high or urgent`,
      none: 'None open',
      oldest: (count: number) => `The oldest for ${days(count)}`,
      oldestUnknown: 'Since when is not known',
      priority: (priority: string) => known(PRIORITY, priority),
      columns: { ticket: 'Ticket', opened: 'Opened', open: 'Open for', priority: 'Priority', stage: 'Stage' },
      more: (shown: number, total: number) =>
        `${format.number(shown)} of ${format.number(total)} open tickets.`,
    },
    invoices: {
      overdue: (count: number, shown: string | null) =>
        shown === null
          ? some(count, 'invoice', 'invoices')
          : `${some(count, 'invoice', 'invoices')}, ${shown}`,
      none: 'None overdue',
      oldest: (count: number) => `The oldest for ${days(count)}`,
      unknown: 'Not known: no invoices are recorded',
    },
    next: {
      in: (type: string, count: number) =>
        `${known(TOUCH, type)}, ${count === 0 ? 'today' : count < 0 ? `${days(-count)} ago` : `in ${days(count)}`}`,
      none: 'None planned',
    },
    owner: {
      none: 'No owner',
      nameless: (id: string) => `Name not known (owner ${id})`,
    },

    actions: {
      open: 'Open account page',
      why: 'Why is it counted, or not?',
      copy: 'Copy renewal brief',
      reload: 'Reload',
      copied: 'The renewal brief is on the clipboard.',
      notCopied:
        'Your browser did not let the card use the clipboard. Allow it, or copy from the account page.',
    },

    brief: {
      title: (name: string, today: string) => `Renewal brief: ${name}, ${format.day(today)}`,
      line: (label: string, values: readonly string[]) => `${label}: ${values.join('; ')}`,
      missing: (reason: string, points: string) => `  - ${reason} (${points})`,
      page: (url: string) => `Account page: ${url}`,
      status: 'Status',
      people: 'People',
      invented: 'The data of this portal are invented.',
    },

    tab: {
      health: 'Health',
      surveys: 'Survey answers',
      contracts: 'Contracts',
      tickets: 'Open tickets',
      timeline: 'Timeline',
      people: 'People',
      sources: 'Sources',
    },

    contracts: {
      state: (state: Contract['state']) => CONTRACT_STATE[state],
      kind: (kind: string) => known(CONTRACT_KIND, kind),
      noKind: 'Kind not known',
      term: (from: string, to: string) => `${format.day(from)} – ${format.day(to)}`,
      openEnd: (from: string) => `From ${format.day(from)}, no end recorded`,
      served: (day: string) => `Served until ${format.day(day)}`,
      home: (shown: string) => `${shown} in our currency`,
      rule: (part: string, rule: string) => `${known(RULE_PART, part)}: ${how(rule)}`,
      rules: 'How it was read',
      noRules: 'Not known',
      noRate: 'No exchange rate',
      empty: 'No record holds a contract of this company.',
      columns: {
        record: 'Contract',
        state: 'State',
        term: 'Term',
        annual: 'Contract value',
        rules: 'How it was read',
      },
    },

    timeline: {
      movement: (kind: string, atRenewal: boolean) =>
        atRenewal && kind !== 'renewal' ? `${known(MOVEMENT, kind)} at renewal` : known(MOVEMENT, kind),
      answered: (what: string, who: string) => `${what} from ${who}`,
      samePrice: 'Same price',
      noChange: 'Not known',
      empty: 'Nothing has happened yet.',
      columns: { day: 'Day', what: 'What happened', change: 'Change a year' },
    },

    people: {
      role: (role: string | null) => (role === null ? 'Role not known' : known(ROLE, role)),
      noTitle: 'Not known',
      left: 'Left the company',
      here: 'In place',
      empty: 'No person is recorded with this company.',
      columns: { name: 'Name', title: 'Title', role: 'Role in the decision', state: 'State' },
    },

    sources: {
      rule: (rule: string) => known(RULE, rule),
      property: (property: string) => (Object.hasOwn(HOW, property) ? (HOW[property] ?? property) : property),
      none: 'Not recorded',
      computed: 'Several properties',
      empty: 'Nothing is known of this company.',
      columns: {
        fact: 'Fact',
        shown: 'Shown',
        rule: 'Rule',
        property: 'HubSpot property',
        records: 'Records',
      },
      facts: { status: 'Status', plan: 'Plan', notice: 'Notice deadline', silent: 'Asked, no answer since' },
      intro: 'Where each figure comes from.',
    },

    record: (type: string, id: string) =>
      `${Object.hasOwn(RECORD, type) ? RECORD[type] : type.startsWith('import') ? 'Imported' : 'Record'} ${id}`,
  };

  function how(rule: string): string {
    return Object.hasOwn(HOW, rule) ? (HOW[rule] ?? rule) : `Read from ${rule}`;
  }

  function inDays(what: string, left: number): string {
    if (left === 0) return `${what} is today`;
    const count = `${format.unsigned(left)} ${left === 1 || left === -1 ? 'day' : 'days'}`;
    return left > 0 ? `${what} in ${count}` : `${what} passed ${count} ago`;
  }

  function amount(unit: Driver['unit'], value: number): string {
    if (unit === 'percent') return format.percent(value);
    if (unit === 'days') return days(value);
    return format.points(value);
  }

  function measured({ measure, value, unit }: Driver): string {
    if (value === null) return `${MEASURE[measure]}: nothing to measure`;
    switch (measure) {
      case 'usage':
        return unit === 'percent'
          ? `${format.percent(value)} of the seats in use`
          : `Usage of ${amount(unit, value)}`;
      case 'nps':
        return `Survey answers average ${format.points(value)}`;
      case 'contact':
        return `${days(value)} since the last two-way contact`;
      case 'tickets':
        return value === 0
          ? 'No open tickets'
          : `Open tickets weigh ${format.points(value)}; a high or urgent one counts twice`;
      case 'invoices':
        return value === 0 ? 'No invoice overdue' : `Oldest invoice overdue for ${days(value)}`;
    }
  }
}

export type Words = ReturnType<typeof en>;

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// A word of the CRM that no table knows: `budget_cut` is read as "Budget cut".
function readable(text: string): string {
  return sentenceCase(text.replaceAll('_', ' ').trim());
}

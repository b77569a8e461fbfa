/** The shape of what the card's address answers, as far as the cards read it. A test holds it against the product's own schema. */

export interface Money {
  amount: number;
  currency: string;
}

export interface RecordRef {
  type: string;
  id: string;
}

export interface Source {
  rule: string;
  property: string | null;
  records: RecordRef[];
}

export interface SurveyAnswer {
  id: string;
  day: string;
  type: string;
  score: number | null;
  scaleMax: number | null;
  group: 'promoter' | 'passive' | 'detractor' | null;
  hasWords: boolean;
  contactId: string | null;
  contact: string | null;
}

export interface Driver {
  measure: 'nps' | 'contact' | 'tickets' | 'usage' | 'invoices';
  score: number | null;
  weight: number;
  earned: number;
  missing: number;
  value: number | null;
  unit: 'points' | 'days' | 'tickets' | 'percent';
  worst: number;
  best: number;
  day: string | null;
  source: Source | null;
}

export type Status = 'customer' | 'lapsed' | 'former' | 'future' | 'trial' | 'free' | 'uncovered';
export type RenewalBand = 'past_due' | 'within_30' | 'within_90' | 'within_180' | 'later';
export type HealthBand = 'good' | 'watch' | 'risk';
export type ContractState = 'in_force' | 'paused' | 'ended' | 'future' | 'trial';

/** The facts whose source stands apart from them. */
export type SourcedFact =
  'status' | 'plan' | 'owner' | 'notice' | 'surveys' | 'silent' | 'tickets' | 'invoices';

export interface Contract {
  record: RecordRef;
  name: string | null;
  state: ContractState;
  kind: string | null;
  line: string | null;
  start: string;
  end: string | null;
  lastDay: string | null;
  servedTo: string | null;
  lastServedDay: string | null;
  annual: Money | null;
  home: Money | null;
  rules: Record<string, string>;
}

export interface TimelineEntry {
  day: string;
  kind: string;
  atRenewal: boolean;
  change: Money | null;
  answer: SurveyAnswer | null;
}

export interface Card {
  contract: 1;
  asOf: { today: string; knownAt: string; timeZone: string };
  account: {
    id: string;
    name: string | null;
    status: Status;
    plan: string | null;
    segment: string | null;
    owner: { id: string; name: string | null } | null;
    churnReason: string | null;
    churnKind: string | null;
  };
  tenure: {
    days: number | null;
    since: string | null;
    firstSince: string | null;
    servedTo: string | null;
    lastDay: string | null;
    source: Source | null;
  };
  renewal: {
    date: string | null;
    noticeDeadline: string | null;
    noticeDays: number | null;
    daysLeft: number | null;
    countsTo: 'notice' | 'renewal' | null;
    band: RenewalBand | null;
    autoRenew: boolean | null;
    runsOn: boolean;
    termMonths: number | null;
    isTermAssumed: boolean;
    source: Source | null;
  };
  value: {
    annual: Money | null;
    own: Money[];
    next: { annual: Money; startsOn: string } | null;
    last: Money | null;
    contracts: number;
    withoutRate: number;
    source: Source | null;
  };
  health: {
    score: number | null;
    band: HealthBand | null;
    coverage: number;
    change30: number | null;
    change90: number | null;
    version: string;
    drivers: Driver[];
  };
  surveys: {
    answers: SurveyAnswer[];
    total: number;
    silent: { contactId: string; contact: string | null; askedOn: string }[] | null;
  };
  people: { id: string; name: string | null; title: string | null; role: string | null; hasLeft: boolean }[];
  lastContact: { day: string; daysAgo: number; type: 'email' | 'call' | 'meeting'; source: Source } | null;
  nextStep: { day: string; inDays: number; type: string; source: Source } | null;
  tickets: {
    open: number;
    urgent: number;
    oldestDays: number | null;
    list: {
      record: RecordRef;
      subject: string | null;
      openedOn: string | null;
      daysOpen: number | null;
      priority: string | null;
      stage: string | null;
    }[];
  };
  invoices: { overdue: number; amounts: Money[]; oldestDays: number | null } | null;
  sources: Record<SourcedFact, Source | null>;
  contracts: Contract[];
  timeline: TimelineEntry[];
}

export interface AccountAnswer {
  ok: true;
  links: { records: string | null; account: string; why: string };
  data: { publishedAt: string; isDemo: boolean };
  card: Card;
}

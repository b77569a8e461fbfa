import { z } from 'zod';

/** A calendar day of the portal. */
const Day = z.iso.date();
/** In units of the currency, not cents. */
const Money = z.strictObject({ amount: z.number(), currency: z.string() });
/** A record of the CRM: HubSpot's name of the type in paths, and its id. An imported one has a type that begins with `import`. */
const RecordRef = z.strictObject({ type: z.string(), id: z.string() });
/** What produced a fact: the rule's name, the property it was read from where there is one, and up to five of the records it was read from. */
const Source = z.strictObject({
  rule: z.string(),
  property: z.string().nullable(),
  records: z.array(RecordRef).max(5),
});

export const ACCOUNT_STATES = [
  'customer',
  'lapsed',
  'former',
  'future',
  'trial',
  'free',
  'uncovered',
] as const;
/** Days to the notice deadline, else to the renewal: below 0, up to 30, 90, 180, more. */
export const RENEWAL_BANDS = ['past_due', 'within_30', 'within_90', 'within_180', 'later'] as const;
export const HEALTH_BANDS = ['good', 'watch', 'risk'] as const;
export const HEALTH_MEASURES = ['nps', 'contact', 'tickets', 'usage', 'invoices'] as const;
export const CONTRACT_STATES = ['in_force', 'paused', 'ended', 'future', 'trial'] as const;

const Answer = z.strictObject({
  id: z.string(),
  day: Day,
  /** NPS, CSAT, CES, or HubSpot's word for another kind */
  type: z.string(),
  /** null for an answer that is no number of the scale */
  score: z.number().nullable(),
  scaleMin: z.number().nullable(),
  scaleMax: z.number().nullable(),
  group: z.enum(['promoter', 'passive', 'detractor']).nullable(),
  hasWords: z.boolean(),
  /** null when the answer names nobody */
  contactId: z.string().nullable(),
  contact: z.string().nullable(),
});

const Driver = z.strictObject({
  measure: z.enum(HEALTH_MEASURES),
  /** 0 to 100; null where there is nothing to measure */
  score: z.number().nullable(),
  /** the share of the score it has for this account, in points of 100: weights of what is missing go to the others */
  weight: z.number(),
  /** points it adds, and points it keeps from the full score; together its weight */
  earned: z.number(),
  missing: z.number(),
  /** what was measured, in the unit; null where nothing was */
  value: z.number().nullable(),
  unit: z.enum(['points', 'days', 'tickets', 'percent']),
  /** the values that give 0 and 100 */
  worst: z.number(),
  best: z.number(),
  /** the day of the evidence, where it has one */
  day: Day.nullable(),
  source: Source.nullable(),
});

/** Everything the card and the account page show of an account. A value that is not known is null, never 0. */
export const CardDocument = z.strictObject({
  /** grows when a field changes its meaning or goes; new fields do not change it */
  contract: z.literal(1),
  asOf: z.strictObject({
    /** days are counted to this one */
    today: Day,
    knownAt: z.iso.datetime({ offset: true }),
    timeZone: z.string(),
  }),
  account: z.strictObject({
    id: z.string(),
    name: z.string().nullable(),
    status: z.enum(ACCOUNT_STATES),
    plan: z.string().nullable(),
    segment: z.string().nullable(),
    owner: z.strictObject({ id: z.string(), name: z.string().nullable() }).nullable(),
    /** in HubSpot's own words where the property has options with labels, else as stored */
    churnReason: z.string().nullable(),
    churnKind: z.string().nullable(),
  }),
  tenure: z.strictObject({
    /** since the current spell began; null for who is no customer today */
    days: z.number().int().nullable(),
    since: Day.nullable(),
    /** the first paid day ever */
    firstSince: Day.nullable(),
    /** the first day without service, of an account that left or whose end is known */
    servedTo: Day.nullable(),
    /** the last day with service, of who left */
    lastDay: Day.nullable(),
    source: Source.nullable(),
  }),
  renewal: z.strictObject({
    date: Day.nullable(),
    noticeDeadline: Day.nullable(),
    noticeDays: z.number().int().nullable(),
    /** to the notice deadline where one is known, else to the renewal; below 0 it is past */
    daysLeft: z.number().int().nullable(),
    countsTo: z.enum(['notice', 'renewal']).nullable(),
    band: z.enum(RENEWAL_BANDS).nullable(),
    /** null where nobody recorded it */
    autoRenew: z.boolean().nullable(),
    /** a contract in force has no end: it goes on until notice is given, and `date` is null or another contract's */
    runsOn: z.boolean(),
    termMonths: z.number().int().nullable(),
    /** the length of the term is not recorded and taken as twelve months */
    isTermAssumed: z.boolean(),
    source: Source.nullable(),
  }),
  value: z.strictObject({
    /** annual recurring value in force today, in the portal's currency */
    annual: Money.nullable(),
    /** the same in the contracts' own currencies, largest first; empty when all of it is in the portal's */
    own: z.array(Money),
    /** what is signed to begin later */
    next: z.strictObject({ annual: Money, startsOn: Day }).nullable(),
    /** of who left: what it was worth a year at the end, in the portal's currency; null without a rate */
    last: Money.nullable(),
    contracts: z.number().int(),
    /** contracts in force that no rate turns into the portal's currency: left out of `annual` */
    withoutRate: z.number().int(),
    source: Source.nullable(),
  }),
  health: z.strictObject({
    /** 0 to 100; null below the coverage that a score needs, and for who is no customer */
    score: z.number().int().nullable(),
    band: z.enum(HEALTH_BANDS).nullable(),
    /** the share of the weights that had something to measure, 0 to 100 */
    coverage: z.number().int(),
    /** against the score kept that many days ago; null when none was kept */
    change30: z.number().int().nullable(),
    change90: z.number().int().nullable(),
    version: z.string(),
    drivers: z.array(Driver),
  }),
  surveys: z.strictObject({
    /** the newest first */
    answers: z.array(Answer).max(12),
    total: z.number().int(),
    /** who was asked and has not answered since; null where HubSpot does not say who was asked */
    silent: z
      .array(z.strictObject({ contactId: z.string(), contact: z.string().nullable(), askedOn: Day }))
      .max(12)
      .nullable(),
  }),
  people: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string().nullable(),
        title: z.string().nullable(),
        role: z.string().nullable(),
        hasLeft: z.boolean(),
      }),
    )
    .max(8),
  lastContact: z
    .strictObject({
      day: Day,
      daysAgo: z.number().int(),
      type: z.enum(['email', 'call', 'meeting']),
      source: Source,
    })
    .nullable(),
  nextStep: z
    .strictObject({ day: Day, inDays: z.number().int(), type: z.string(), source: Source })
    .nullable(),
  tickets: z.strictObject({
    open: z.number().int(),
    urgent: z.number().int(),
    oldestDays: z.number().int().nullable(),
    list: z
      .array(
        z.strictObject({
          record: RecordRef,
          /** null where the record has none */
          subject: z.string().nullable(),
          openedOn: Day.nullable(),
          daysOpen: z.number().int().nullable(),
          priority: z.string().nullable(),
          stage: z.string().nullable(),
        }),
      )
      .max(5),
  }),
  /** null where no invoices are known of the account */
  invoices: z
    .strictObject({
      overdue: z.number().int(),
      amounts: z.array(Money),
      oldestDays: z.number().int().nullable(),
    })
    .nullable(),
  /** where the facts that carry no source of their own were read; null for a fact that is not known */
  sources: z.strictObject({
    status: Source.nullable(),
    plan: Source.nullable(),
    owner: Source.nullable(),
    notice: Source.nullable(),
    surveys: Source.nullable(),
    silent: Source.nullable(),
    tickets: Source.nullable(),
    invoices: Source.nullable(),
  }),
  /** the newest first */
  contracts: z
    .array(
      z.strictObject({
        record: RecordRef,
        /** the product of a line item, else what the deal or the subscription is called */
        name: z.string().nullable(),
        state: z.enum(CONTRACT_STATES),
        kind: z.string().nullable(),
        line: z.string().nullable(),
        start: Day,
        /** the first day after the term */
        end: Day.nullable(),
        lastDay: Day.nullable(),
        /** the first day without service */
        servedTo: Day.nullable(),
        lastServedDay: Day.nullable(),
        annual: Money.nullable(),
        home: Money.nullable(),
        /** which rule gave each value */
        rules: z.record(z.string(), z.string()),
      }),
    )
    .max(20),
  /** what happened, the newest first: movements of the recurring value, renewals that moved nothing, and survey answers */
  timeline: z
    .array(
      z.strictObject({
        day: Day,
        /** new, expansion, contraction, churn, reactivation, pause, resume, currency; renewal for one at the same price; or answer */
        kind: z.string(),
        /** whether a term was renewed on the day */
        atRenewal: z.boolean(),
        /** change of the annual value, in the portal's currency */
        change: Money.nullable(),
        answer: Answer.nullable(),
      }),
    )
    .max(30),
});
export type CardDocument = z.output<typeof CardDocument>;

/** What the card's address answers. Expected failures are answers too: HubSpot does not hand a card the body of an error. */
export const CardAnswer = z.discriminatedUnion('ok', [
  z.strictObject({
    ok: z.literal(true),
    links: z.strictObject({
      /** where records of HubSpot open: followed by HubSpot's number of the type and the id; null when not known */
      records: z.string().nullable(),
      account: z.string(),
      why: z.string(),
    }),
    data: z.strictObject({
      publishedAt: z.iso.datetime({ offset: true }),
      /** the demo portal's data are invented; its clock may still be on its way to today */
      isDemo: z.boolean(),
    }),
    card: CardDocument,
  }),
  z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({ code: z.string(), message: z.string() }),
    /** where a person finds out more */
    more: z.string().nullable(),
  }),
]);
export type CardAnswer = z.output<typeof CardAnswer>;

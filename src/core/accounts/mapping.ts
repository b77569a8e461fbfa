import { z } from 'zod';
import { AppError } from '../errors.ts';
import { Book } from './book.ts';

/** The name of a property; null where the portal has none for it. */
const Property = z
  .string()
  .min(1)
  .max(200)
  // It becomes part of a path of JSON.
  .regex(/^[^"\\]*$/, 'A property’s name has neither quotes nor backslashes.')
  .nullable()
  .default(null);
const Values = z.array(z.string()).default([]);

/** Where the values of a contract stand in one kind of record. The same for every source, so that one statement reads them all. */
const ContractFields = z
  .strictObject({
    start: Property.describe('the first day of service'),
    end: Property.describe('the end of the term'),
    end_is: z.enum(['last_day', 'day_after']).default('last_day'),
    open_ended: z.boolean().default(false).describe('a missing end means that it runs on'),
    auto_renew: Property,
    notice_date: Property.describe('the day notice was given'),
    notice_days: Property.describe('days before the end by which notice must be given'),
    service_end: Property.describe('the day service stops, where it differs from the end of the term'),
    mrr: Property.describe('recurring value a month'),
    arr: Property.describe('recurring value a year'),
    amount: Property.describe('value of the whole term, or of one billing period where there is a frequency'),
    frequency: Property.describe('how often the amount recurs: monthly, quarterly, annually ...'),
    term_months: Property.describe('length of the term in months, as a number or as P12M'),
    currency: Property,
    rate: Property.describe('units of the portal’s currency for one of this one'),
    line: Property.describe(
      'the product or subscription it belongs to: a successor on the same line replaces',
    ),
    kind: Property.describe('new, renewal, expansion or return'),
    kinds: z
      .strictObject({ new: Values, renewal: Values, expansion: Values, return: Values })
      .prefault({})
      .describe('which values of that property mean which kind; the kind’s own name always does'),
    won: Property.describe('counts only where this is true or one of won_values'),
    won_values: z.array(z.string()).default(['true']),
    pipeline: Property,
    pipelines: Values.describe('counts only these pipelines; empty means all'),
    trial: Property,
    trial_values: z.array(z.string()).default(['true']),
    paused_from: Property.describe('the first day of a pause'),
    paused_to: Property.describe('the last day of the pause'),
    churn_date: Property,
    churn_kind: Property,
    churn_reason: Property,
  })
  .prefault({});

export const CONTRACT_SOURCES = ['subscriptions', 'line_items', 'deals', 'companies'] as const;

const Rate = z.strictObject({
  from: z.string().regex(/^[A-Z]{3}$/),
  to: z.string().regex(/^[A-Z]{3}$/),
  date: z.iso.date(),
  rate: z.number().positive(),
});

/** How a portal's records become accounts, contracts and movements. */
export const Mapping = z.strictObject({
  $schema: z.string().optional().describe('Where the schema of this file lies, for editors.'),
  version: z.literal(1),
  book: Book,
  accounts: z
    .strictObject({
      type: Property.describe('the kind of account'),
      excluded_types: z.array(z.string()).default(['internal', 'test', 'pilot', 'reseller']),
      flag: Property.describe('the property that says a company is a customer'),
      flag_values: Values,
      plan: Property,
      segment: Property,
      churn_date: Property,
      churn_kind: Property,
      churn_reason: Property,
      notice_days: Property.describe('days before the end of a term by which notice must be given'),
      paused_from: Property,
      paused_to: Property.describe('the last day of the pause'),
      seats: Property,
      monthly_active_users: Property,
      last_survey_sent: Property,
    })
    .prefault({}),
  contracts: z
    .strictObject({
      order: z
        .array(z.enum(CONTRACT_SOURCES))
        .min(1, 'Name at least one source of contracts.')
        .refine((order) => new Set(order).size === order.length, 'Name each source once.')
        .default([...CONTRACT_SOURCES]),
      subscriptions: ContractFields,
      line_items: ContractFields,
      deals: ContractFields,
      companies: ContractFields,
    })
    .prefault({}),
  fx: z.array(Rate).default([]),
  imports: z
    .unknown()
    .optional()
    .describe('Which files an import reads, as what and how; checked by the import.'),
  contacts: z
    .strictObject({
      role: Property.describe('who decides, who uses: HubSpot’s buying role'),
      title: Property,
      left: Property.describe('says that a person has left the company'),
      left_values: z.array(z.string()).default(['true']),
      last_survey_sent: Property.describe('the day a person was last sent a survey'),
    })
    .prefault({}),
  responses: z.strictObject({ type: Property, score: Property, text: Property, at: Property }).prefault({}),
  touches: z
    .strictObject({
      connected_dispositions: z
        .array(z.string())
        .nullable()
        .default(null)
        .describe('outcomes of a call that mean that somebody was reached; empty means HubSpot’s own'),
    })
    .prefault({}),
  tickets: z.strictObject({ priority: Property, category: Property, satisfaction: Property }).prefault({}),
  usage: z
    .strictObject({
      object_type: Property,
      day: Property,
      feature: Property,
      count: Property,
      active_users: Property,
    })
    .prefault({}),
  invoices: z
    .strictObject({
      number: Property,
      issued: Property,
      due: Property,
      paid: Property,
      amount: Property,
      balance: Property,
      currency: Property,
      status: Property,
    })
    .prefault({}),
});
export type Mapping = z.output<typeof Mapping>;

/** Reads a mapping, or throws one AppError `invalid` that lists what is wrong with it. */
export function parseMapping(raw: unknown): Mapping {
  const parsed = Mapping.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `  ${issue.path.join('.') || 'mapping'}: ${issue.message}`,
  );
  throw new AppError('invalid', `The mapping cannot be used:\n${problems.join('\n')}`);
}

/** The JSON Schema of a mapping file, for editors. */
export function mappingJsonSchema(): unknown {
  return {
    title: 'How a portal’s records become accounts, contracts and movements',
    ...z.toJSONSchema(Mapping, { io: 'input', target: 'draft-2020-12' }),
  };
}

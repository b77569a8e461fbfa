import type {
  ObjectSchema,
  Owner,
  Pipeline,
  PipelineStage,
  PropertyDefinition,
} from '../../core/hubspot-port.ts';
import { random } from './random.ts';
import { USAGE_TYPE, type GeneratedType } from './shape.ts';
import { FIRST_NAMES, LAST_NAMES } from './words.ts';

/** Names of the properties of each type by their kind; `name=Label` where the name is not enough. */
const PROPERTIES: Record<
  GeneratedType,
  Partial<Record<'string' | 'number' | 'date' | 'datetime' | 'bool' | 'enumeration', string>>
> = {
  companies: {
    string:
      'name domain country hf_churn_reason=Churn_reason hf_contract_currency=Contract_currency hs_merged_object_ids',
    number:
      'numberofemployees hf_contract_value=Contract_value hf_notice_days=Notice_days hf_seats=Seats hf_monthly_active_users=Monthly_active_users hs_object_id',
    date: 'hf_contract_start=Contract_start hf_renewal_date=Renewal_date hf_churn_date=Churn_date hf_paused_from=Paused_from hf_paused_to=Paused_to hf_last_nps_sent_at=Last_NPS_sent',
    datetime: 'createdate hs_lastmodifieddate',
    enumeration:
      'industry lifecyclestage hubspot_owner_id hs_csm_sentiment hf_account_type=Account_type hf_plan=Plan hf_churn_kind=Churn_kind',
  },
  contacts: {
    string: 'firstname lastname email jobtitle hs_merged_object_ids',
    number: 'hs_object_id',
    date: 'hf_last_nps_sent_at=Last_NPS_sent',
    datetime: 'createdate lastmodifieddate',
    bool: 'hf_left_company=Left_the_company hs_email_optout',
    enumeration: 'hs_buying_role lifecyclestage hubspot_owner_id',
  },
  deals: {
    string: 'dealname closed_lost_reason deal_currency_code hs_merged_object_ids',
    number: 'amount hs_exchange_rate hs_mrr hs_arr hf_term_months=Term_in_months hs_object_id',
    date: 'hf_term_start=Term_start hf_term_end=Term_end',
    datetime: 'closedate createdate hs_lastmodifieddate',
    bool: 'hs_is_closed hs_is_closed_won',
    enumeration: 'pipeline dealstage dealtype hubspot_owner_id hf_motion=Motion',
  },
  line_items: {
    string: 'name hs_recurring_billing_period hs_line_item_currency_code hs_product_id',
    number: 'price quantity amount hs_discount_percentage hs_object_id',
    date: 'hs_recurring_billing_start_date hs_recurring_billing_end_date',
    datetime: 'createdate hs_lastmodifieddate',
    bool: 'hf_auto_renew=Renews_automatically',
    enumeration: 'recurringbillingfrequency',
  },
  tickets: {
    string: 'subject content',
    number: 'time_to_first_agent_reply hs_object_id',
    datetime: 'closed_date createdate hs_lastmodifieddate',
    bool: 'hs_is_closed',
    enumeration: 'hs_pipeline hs_pipeline_stage hs_ticket_priority hs_ticket_category',
  },
  feedback_submissions: {
    string: 'hs_value hs_content hs_survey_name hs_survey_id hs_response_group',
    number: 'hs_contact_id hs_object_id',
    datetime: 'hs_submission_timestamp createdate hs_lastmodifieddate',
    enumeration: 'hs_survey_type',
  },
  subscriptions: {
    string: 'hs_name hs_currency_code',
    number: 'hs_next_payment_amount hs_mrr hs_object_id',
    date: 'hs_recurring_billing_start_date hs_recurring_billing_end_date hs_next_payment_due_date',
    datetime: 'createdate hs_lastmodifieddate',
    enumeration: 'hs_status hs_recurring_billing_frequency',
  },
  invoices: {
    string: 'hs_number hs_currency',
    number: 'hs_amount_billed hs_balance_due hs_object_id',
    date: 'hs_invoice_date hs_due_date hf_paid_date=Paid_on',
    datetime: 'createdate hs_lastmodifieddate',
    enumeration: 'hs_invoice_status',
  },
  meetings: {
    string: 'hs_meeting_title',
    number: 'hs_object_id',
    datetime: 'hs_timestamp hs_meeting_start_time hs_meeting_end_time createdate hs_lastmodifieddate',
    enumeration: 'hs_meeting_outcome hubspot_owner_id',
  },
  calls: {
    string: 'hs_call_title',
    number: 'hs_call_duration hs_object_id',
    datetime: 'hs_timestamp createdate hs_lastmodifieddate',
    enumeration: 'hs_call_direction hs_call_status hubspot_owner_id',
  },
  emails: {
    string: 'hs_email_subject',
    number: 'hs_object_id',
    datetime: 'hs_timestamp createdate hs_lastmodifieddate',
    enumeration: 'hs_email_direction hs_email_status hubspot_owner_id',
  },
  notes: {
    string: 'hs_note_body',
    number: 'hs_object_id',
    datetime: 'hs_timestamp createdate hs_lastmodifieddate',
    enumeration: 'hubspot_owner_id',
  },
  tasks: {
    string: 'hs_task_subject hs_task_body',
    number: 'hs_object_id',
    datetime: 'hs_timestamp hs_task_completion_date createdate hs_lastmodifieddate',
    enumeration: 'hs_task_status hs_task_priority hs_task_type hubspot_owner_id',
  },
  [USAGE_TYPE]: {
    string: 'feature',
    number: 'active_users event_count hs_object_id',
    date: 'usage_month=Month',
    datetime: 'createdate hs_lastmodifieddate',
  },
};
const FIELD_TYPES = {
  string: 'text',
  number: 'number',
  date: 'date',
  datetime: 'date',
  bool: 'booleancheckbox',
  enumeration: 'select',
} as const;

const known = new Map<GeneratedType, readonly PropertyDefinition[]>();

/** A type's properties; asked for with every record that is read, so made once. */
export function propertiesOf(type: GeneratedType): readonly PropertyDefinition[] {
  const made = known.get(type) ?? makeProperties(type);
  known.set(type, made);
  return made;
}

function makeProperties(type: GeneratedType): PropertyDefinition[] {
  return Object.entries(PROPERTIES[type]).flatMap(([kind, list]) =>
    list.split(' ').map((entry) => {
      const [name = '', label] = entry.split('=');
      return {
        name,
        label: (label ?? name).replaceAll('_', ' '),
        type: kind,
        fieldType: FIELD_TYPES[kind as keyof typeof FIELD_TYPES],
        groupName: name.startsWith('hf_') ? 'customer_success' : `${type}information`,
        calculated: false,
        options: [],
      };
    }),
  );
}

function stage(
  id: string,
  label: string,
  displayOrder: number,
  metadata: Record<string, string>,
): PipelineStage {
  return { id, label, displayOrder, archived: false, metadata };
}

export function pipelinesOf(type: string): Pipeline[] {
  if (type === 'deals') {
    return [
      {
        id: 'default',
        label: 'Sales',
        archived: false,
        stages: [
          stage('negotiation', 'Negotiation', 0, { isClosed: 'false', probability: '0.5' }),
          stage('closedwon', 'Closed won', 1, { isClosed: 'true', probability: '1.0' }),
          stage('closedlost', 'Closed lost', 2, { isClosed: 'true', probability: '0.0' }),
        ],
      },
      {
        id: 'renewals',
        label: 'Renewals',
        archived: false,
        stages: [
          stage('renewal_open', 'Up for renewal', 0, { isClosed: 'false', probability: '0.8' }),
          stage('renewal_won', 'Renewed', 1, { isClosed: 'true', probability: '1.0' }),
          stage('renewal_lost', 'Not renewed', 2, { isClosed: 'true', probability: '0.0' }),
        ],
      },
    ];
  }
  if (type !== 'tickets') return [];
  const labels = ['New', 'Waiting on contact', 'Waiting on us', 'Closed'];
  const stages = labels.map((label, n) =>
    stage(String(n + 1), label, n, { ticketState: label === 'Closed' ? 'CLOSED' : 'OPEN' }),
  );
  return [{ id: '0', label: 'Support', archived: false, stages }];
}

const OWNERS = 8;
const DEACTIVATED = 2;

/** Account managers; the last two have left the company. */
export function ownersOf(seed: number): Owner[] {
  const dice = random(seed, 0, 10);
  return Array.from({ length: OWNERS }, (_, n) => {
    const [firstName, lastName] = [dice.pick(FIRST_NAMES), dice.pick(LAST_NAMES)];
    return {
      id: String(40_100 + n),
      userId: 9000 + n,
      email: `${firstName}.${lastName}@vendor.example`.toLowerCase(),
      firstName,
      lastName,
      archived: n >= OWNERS - DEACTIVATED,
    };
  });
}

export const SCHEMAS: readonly ObjectSchema[] = [
  {
    objectTypeId: USAGE_TYPE,
    name: 'product_usage',
    labels: { singular: 'Product use', plural: 'Product use' },
  },
];

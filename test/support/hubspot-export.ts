import { Temporal } from 'temporal-polyfill';
import type { FakeState } from '../../src/demo/fake/types.ts';
import type { PortalSource, SourceRecord } from '../../src/demo/source.ts';

/** A column of an export: its heading, and what stands in it. */
type Column = [heading: string, cell: (record: SourceRecord) => string];

/**
 * What HubSpot writes when somebody exports companies, deals and line items of the fake's portal: UTF-8 with BOM, every cell quoted, headings
 * by label, days as yyyy-MM-dd, moments in the portal's zone without it, stages with their pipeline, owners with their address, the ids of
 * associated records.
 */
export function hubspotExport(
  source: PortalSource,
  state: FakeState,
): { companies: string; deals: string; lineItems: string } {
  const text =
    (name: string) =>
    ({ properties }: SourceRecord): string =>
      properties[name] ?? '';
  const number =
    (name: string) =>
    ({ properties }: SourceRecord): string => {
      const value = properties[name] ?? '';
      return /^-?\d+$/.test(value) ? `${value}.0` : value;
    };
  const moment =
    (name: string) =>
    ({ properties }: SourceRecord): string =>
      inZone(properties[name] ?? '', source.timeZone);
  const owner = (record: SourceRecord): string => {
    const found = source.owners().find(({ id }) => id === record.properties['hubspot_owner_id']);
    return found === undefined ? 'No owner' : `${found.firstName} ${found.lastName} (${found.email ?? ''})`;
  };
  const ids =
    (type: string, toType: string, primary?: number) =>
    ({ id }: SourceRecord): string =>
      state
        .associations(type, id, toType)
        .filter((link) => primary === undefined || link.types.some(({ typeId }) => typeId === primary))
        .map((link) => link.toId)
        .join(';');
  const shared: Column[] = [
    ['Record ID', ({ id }) => id],
    ['Create Date', ({ createdAt }) => inZone(new Date(createdAt).toISOString(), source.timeZone)],
    ['Last Modified Date', ({ updatedAt }) => inZone(new Date(updatedAt).toISOString(), source.timeZone)],
  ];
  return {
    companies: csv(state.all('companies'), [
      ...shared,
      ['Company name', text('name')],
      ['Company Domain Name', text('domain')],
      ['Lifecycle Stage', (record) => capital(text('lifecyclestage')(record))],
      ['Company owner', owner],
      ['Industry', text('industry')],
      ['Country/Region', text('country')],
      ['Number of Employees', text('numberofemployees')],
      ['Account type', text('hf_account_type')],
      ['Plan', text('hf_plan')],
      ['Churn date', text('hf_churn_date')],
      ['Churn reason', text('hf_churn_reason')],
      ['Notice days', number('hf_notice_days')],
    ]),
    deals: csv(state.all('deals'), [
      ...shared,
      ['Deal Name', text('dealname')],
      ['Pipeline', ({ properties }) => pipelineOf(source, properties).pipeline],
      ['Deal Stage', ({ properties }) => stageOf(source, properties)],
      ['Deal Type', (record) => DEAL_TYPES[text('dealtype')(record)] ?? ''],
      ['Deal owner', owner],
      ['Close Date', moment('closedate')],
      ['Amount', number('amount')],
      ['Currency', text('deal_currency_code')],
      ['Exchange rate', number('hs_exchange_rate')],
      ['Monthly recurring revenue', number('hs_mrr')],
      ['Is Closed Won', text('hs_is_closed_won')],
      ['Motion', text('hf_motion')],
      ['Term in months', number('hf_term_months')],
      ['Term start', text('hf_term_start')],
      ['Term end', text('hf_term_end')],
      ['Associated Company IDs', ids('deals', 'companies')],
      ['Associated Company IDs (Primary)', ids('deals', 'companies', 5)],
    ]),
    lineItems: csv(state.all('line_items'), [
      ...shared,
      ['Name', text('name')],
      ['Product ID', text('hs_product_id')],
      ['Quantity', number('quantity')],
      ['Unit price', number('price')],
      ['Net price', number('amount')],
      ['Currency', text('hs_line_item_currency_code')],
      ['Billing frequency', (record) => capital(text('recurringbillingfrequency')(record))],
      ['Term', text('hs_recurring_billing_period')],
      ['Billing start date', text('hs_recurring_billing_start_date')],
      ['Billing end date', text('hs_recurring_billing_end_date')],
      ['Renews automatically', text('hf_auto_renew')],
      ['Associated Deal IDs', ids('line_items', 'deals')],
    ]),
  };
}

const DEAL_TYPES: Record<string, string> = {
  newbusiness: 'New Business',
  existingbusiness: 'Existing Business',
};

function pipelineOf(
  source: PortalSource,
  properties: SourceRecord['properties'],
): { pipeline: string; stage: string } {
  const pipeline = source.pipelines('deals').find(({ id }) => id === properties['pipeline']);
  const stage = pipeline?.stages.find(({ id }) => id === properties['dealstage']);
  return { pipeline: pipeline?.label ?? '', stage: stage?.label ?? '' };
}

function stageOf(source: PortalSource, properties: SourceRecord['properties']): string {
  const { pipeline, stage } = pipelineOf(source, properties);
  return `${stage} (${pipeline})`;
}

function inZone(iso: string, timeZone: string): string {
  if (iso === '') return '';
  const at = Temporal.Instant.from(iso).toZonedDateTimeISO(timeZone);
  return at.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function csv(records: Iterable<SourceRecord>, columns: readonly Column[]): string {
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  const header = columns.map(([heading]) => heading).join(',');
  const rows = [...records].map((record) => columns.map(([, cell]) => quoted(cell(record))).join(','));
  return `\ufeff${[header, ...rows].join('\n')}\n`;
}

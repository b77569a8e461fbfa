import { expect, it } from 'vitest';
import { FILES, SECTIONS } from './contradicting-files.ts';
import { importBench } from './import-bench.ts';

it('names every contradiction with its rows, and nothing else', async () => {
  const bench = await importBench();
  for (const [file, content] of Object.entries(FILES)) await bench.put(file, content);
  const result = await bench.run(SECTIONS);
  expect(result.total.rejected).toBe(0);
  expect(
    result.contradictions.map(({ check, found, of, examples }) => [check, found, of, ...examples]),
  ).toEqual([
    ['account_of_unknown_parent', 1, 2, 'eventOnly'],
    ['account_without_contract', 1, 5, 'bare'],
    ['contract_before_account', 1, 11, 'contracts:eventRuns'],
    ['contract_end_before_start', 1, 3, 'contracts:backwards'],
    ['contract_free_without_trial', 1, 12, 'contracts:free'],
    ['contract_negative', 1, 12, 'contracts:negative'],
    ['contract_of_no_day', 1, 3, 'contracts:noDay'],
    ['contract_trial_with_value', 1, 12, 'contracts:paidTrial'],
    ['contract_without_start', 1, 12, 'contracts:noStart'],
    ['contract_without_value', 1, 12, 'contracts:noValue'],
    ['event_before_account', 1, 3, 'events:early'],
    ['event_but_running', 1, 2, 'eventOnly'],
    ['event_unconfirmed', 2, 3, 'events:early', 'events:unconfirmed'],
    ['event_without_flag', 1, 2, 'eventOnly'],
    ['flag_but_running', 1, 2, 'flaggedOnly'],
    ['flag_without_date', 1, 2, 'gone'],
    ['flag_without_event', 1, 2, 'flaggedOnly'],
    ['invoice_due_before_issued', 1, 3, 'invoices:dueEarly'],
    ['invoice_paid_before_issued', 1, 2, 'invoices:paidEarly'],
    ['purchase_negative', 1, 3, 'purchases:refund'],
    ['purchase_of_nothing', 1, 3, 'purchases:p0'],
    ['response_out_of_scale', 2, 4, 'responses:c6', 'responses:n11'],
    ['response_without_score', 1, 5, 'responses:silent'],
    ['ticket_closed_before_opened', 1, 2, 'tickets:wrong'],
    ['usage_after_end', 1, 4, 'usage:after'],
    ['usage_before_start', 1, 4, 'usage:before'],
  ]);
});

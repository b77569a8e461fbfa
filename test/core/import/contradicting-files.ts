import type { Section } from './import-bench.ts';

/** Files whose rows contradict each other, each in a way of its own. */
export const FILES: Record<string, string> = {
  'accounts.csv': [
    'id,since,flag,left,parent',
    'sound,2023-01-01,no,,',
    'flaggedOnly,2023-01-01,yes,2024-01-01,sound',
    'eventOnly,2023-01-01,no,,nobody',
    'gone,2023-01-01,yes,,',
    'bare,2023-01-01,no,,',
  ].join('\n'),
  'contracts.csv': [
    'id,account,from,to,mrr,trial',
    'soundRuns,sound,2023-02-01,,10,no',
    'flaggedRuns,flaggedOnly,2023-02-01,,10,no',
    'eventRuns,eventOnly,2022-02-01,,10,no',
    'goneEnded,gone,2023-02-01,2024-02-01,10,no',
    'backwards,sound,2024-02-01,2024-01-01,10,no',
    'noDay,sound,2024-02-01,2024-02-01,10,no',
    'noStart,sound,,,10,no',
    'noValue,sound,2024-02-01,,,no',
    'negative,sound,2024-02-01,,-5,no',
    'free,sound,2024-02-01,,0,no',
    'paidTrial,sound,2024-02-01,,5,yes',
    'freeTrial,sound,2024-02-01,,0,yes',
  ].join('\n'),
  'events.csv': [
    'id,account,day',
    'confirmed,gone,2024-03-02',
    'unconfirmed,gone,2024-03-03',
    'early,eventOnly,2022-12-31',
  ].join('\n'),
  'tickets.csv': [
    'id,account,opened,closed',
    'fine,sound,2024-01-02,2024-01-02 10:00',
    'wrong,sound,2024-01-02,2024-01-01',
    'open,sound,2024-01-02,',
  ].join('\n'),
  'usage.csv': [
    'id,contract,day',
    'inside,goneEnded,2023-02-01',
    'before,goneEnded,2023-01-31',
    'after,goneEnded,2024-02-01',
    'lastDay,goneEnded,2024-01-31',
  ].join('\n'),
  'responses.csv': [
    'id,account,type,score,min,max,at',
    'n10,sound,NPS,10,,,2024-01-01',
    'n11,sound,NPS,11,,,2024-01-01',
    'c7,sound,CSAT,7,1,7,2024-01-01',
    'c6,sound,CSAT,6,,,2024-01-01',
    'silent,sound,CSAT,,,,2024-01-01',
  ].join('\n'),
  'invoices.csv': [
    'id,account,issued,due,paid',
    'ok,sound,2024-01-10,2024-02-10,2024-02-01',
    'dueEarly,sound,2024-01-10,2024-01-09,',
    'paidEarly,sound,2024-01-10,2024-02-10,2024-01-09',
  ].join('\n'),
  'purchases.csv': [
    'id,account,day,amount',
    'p1,sound,2024-01-01,5',
    'p0,sound,2024-01-01,0',
    'refund,sound,2024-01-01,-5',
  ].join('\n'),
};
const section = (kind: string, columns: Record<string, string>): Section => ({
  file: `${kind}.csv`,
  kind,
  columns,
  id: 'id',
});
export const SECTIONS: readonly Section[] = [
  section('accounts', {
    account_id: 'id',
    created_date: 'since',
    churn_flag: 'flag',
    churn_date: 'left',
    parent_id: 'parent',
  }),
  section('contracts', {
    account_id: 'account',
    start_date: 'from',
    end_date: 'to',
    mrr: 'mrr',
    is_trial: 'trial',
  }),
  { ...section('events', { account_id: 'account', date: 'day' }), constants: { type: 'churn' } },
  section('tickets', { account_id: 'account', opened_at: 'opened', closed_at: 'closed' }),
  section('usage', { contract_id: 'contract', day: 'day' }),
  section('responses', {
    account_id: 'account',
    type: 'type',
    score: 'score',
    min: 'min',
    max: 'max',
    at: 'at',
  }),
  section('invoices', { account_id: 'account', issued: 'issued', due: 'due', paid: 'paid' }),
  section('purchases', { account_id: 'account', day: 'day', amount: 'amount' }),
];

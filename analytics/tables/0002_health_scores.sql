-- The scores that the portal's nights gave: kept as they were then, so that a later change of records or rules alters none.
create table health_scores (
  account_id varchar not null,
  day date not null,
  score integer,
  band varchar,
  coverage integer not null,
  version varchar not null,
  known_from timestamptz not null
);
comment on table health_scores is 'One row for an account and a day on which it was scored. Only ever added to.';
comment on column health_scores.account_id is 'The account.';
comment on column health_scores.day is 'The portal''s day.';
comment on column health_scores.score is '0 to 100; null where too little could be measured.';
comment on column health_scores.band is 'good, watch or risk.';
comment on column health_scores.coverage is 'The share of the weights that had something to measure, in percent.';
comment on column health_scores.version is 'Which rules gave it.';
comment on column health_scores.known_from is 'When it was computed.';

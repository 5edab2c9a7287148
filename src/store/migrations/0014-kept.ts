// What is kept of each judged run for ever: verdicts are too large to be read all at once, and retention takes the calls.

export const kept = {
  version: 14,
  sql: `
-- Both made from the verdict, and made again where they are not there.
CREATE TABLE kept_night (
  run_id VARCHAR PRIMARY KEY,
  held BOOLEAN NOT NULL,
  because VARCHAR NOT NULL,
  -- As JSON, without reviews.
  policy VARCHAR NOT NULL,
  drift VARCHAR,
  records BIGINT NOT NULL,
  repeated BIGINT NOT NULL
);
CREATE TABLE kept_finding (
  run_id VARCHAR NOT NULL,
  place INTEGER NOT NULL,
  metric VARCHAR NOT NULL,
  segment_key VARCHAR,
  segment_value VARCHAR,
  margin DOUBLE NOT NULL,
  severity VARCHAR NOT NULL,
  mode VARCHAR NOT NULL,
  stage VARCHAR NOT NULL,
  rule_better VARCHAR,
  outcome VARCHAR NOT NULL,
  is_moot BOOLEAN NOT NULL,
  -- Of the effect: null where nothing could be measured. A side without a limit is infinite.
  better VARCHAR,
  unit VARCHAR,
  scale VARCHAR,
  pairs BIGINT,
  clusters BIGINT,
  production DOUBLE,
  candidate DOUBLE,
  estimate DOUBLE,
  low DOUBLE,
  high DOUBLE,
  level DOUBLE,
  noise_estimate DOUBLE,
  noise_low DOUBLE,
  noise_high DOUBLE,
  noise_level DOUBLE,
  noise_pairs BIGINT
);
CREATE TABLE call_sum (
  run_id VARCHAR NOT NULL,
  arm VARCHAR NOT NULL,
  calls BIGINT NOT NULL,
  input_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  cached_input_tokens BIGINT NOT NULL,
  cache_write_tokens BIGINT NOT NULL,
  -- A JSON array, sorted.
  served_models VARCHAR NOT NULL,
  PRIMARY KEY (run_id, arm)
);
`,
} as const

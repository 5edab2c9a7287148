// The pairs of a run as a list shows them: made of its measures, and kept so that nobody waits for them to be made again.

export const pairRows = {
  version: 12,
  sql: `
-- What the rows of a run were made by: those of another stamp, or none, are made of the measures again.
CREATE TABLE pair_list (
  run_id VARCHAR NOT NULL,
  stamp VARCHAR NOT NULL,
  pairs INTEGER NOT NULL,
  -- What many rows share, and rows name by its place.
  shared JSON NOT NULL
);

-- Worst first: place counts from 0. NaN where there is no number.
CREATE TABLE pair_row (
  run_id VARCHAR NOT NULL,
  place INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  standing UTINYINT NOT NULL,
  badness DOUBLE NOT NULL,
  change INTEGER NOT NULL,
  flips INTEGER NOT NULL,
  cluster INTEGER NOT NULL,
  mix INTEGER NOT NULL,
  similarity DOUBLE NOT NULL,
  noise_similarity DOUBLE NOT NULL,
  production_latency_ms DOUBLE NOT NULL,
  candidate_latency_ms DOUBLE NOT NULL,
  production_output_tokens DOUBLE NOT NULL,
  candidate_output_tokens DOUBLE NOT NULL,
  production_cost_usd DOUBLE NOT NULL,
  candidate_cost_usd DOUBLE NOT NULL,
  -- A character for each of the user's checks.
  check_flips VARCHAR NOT NULL
);
`,
} as const

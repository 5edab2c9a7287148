// The first schema. Never edited once released: a change is the next migration.

export const first = {
  version: 1,
  sql: `
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);

CREATE TABLE record (
  id VARCHAR PRIMARY KEY,
  api VARCHAR NOT NULL,
  body JSON NOT NULL,
  captured_at TIMESTAMP,
  recorded JSON,
  recorded_timing JSON,
  feedback JSON NOT NULL,
  cluster VARCHAR,
  segments JSON NOT NULL,
  fidelity VARCHAR NOT NULL,
  source_file VARCHAR NOT NULL,
  source_line INTEGER NOT NULL,
  format VARCHAR NOT NULL
);

CREATE TABLE rejected_line (
  file VARCHAR NOT NULL,
  line INTEGER NOT NULL,
  reason VARCHAR NOT NULL,
  excerpt VARCHAR NOT NULL,
  PRIMARY KEY (file, line)
);

CREATE TABLE run (
  id VARCHAR PRIMARY KEY,
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP,
  status VARCHAR NOT NULL,
  fingerprint VARCHAR NOT NULL,
  manifest JSON NOT NULL
);

CREATE TABLE run_record (
  run_id VARCHAR NOT NULL,
  ordinal INTEGER NOT NULL,
  record_id VARCHAR NOT NULL,
  production_trials INTEGER NOT NULL
);

CREATE TABLE attempt (
  run_id VARCHAR NOT NULL,
  record_id VARCHAR NOT NULL,
  arm VARCHAR NOT NULL,
  trial INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  is_final BOOLEAN NOT NULL,
  position INTEGER NOT NULL,
  due_at TIMESTAMP NOT NULL,
  sent_at TIMESTAMP NOT NULL,
  headers_ms DOUBLE,
  first_token_ms DOUBLE,
  total_ms DOUBLE,
  outcome VARCHAR NOT NULL,
  timeout_phase VARCHAR,
  http_status INTEGER,
  error_code VARCHAR,
  detail VARCHAR,
  text VARCHAR,
  tool_calls JSON,
  stop VARCHAR,
  input_tokens BIGINT,
  output_tokens BIGINT,
  cached_input_tokens BIGINT,
  reasoning_tokens BIGINT,
  served_model VARCHAR
);

CREATE TABLE measure (
  run_id VARCHAR NOT NULL,
  record_id VARCHAR NOT NULL,
  comparison VARCHAR NOT NULL,
  metric VARCHAR NOT NULL,
  version INTEGER NOT NULL,
  production DOUBLE,
  production_weight DOUBLE,
  candidate DOUBLE,
  candidate_weight DOUBLE,
  absent VARCHAR
);

CREATE TABLE verdict (
  run_id VARCHAR PRIMARY KEY,
  decided_at TIMESTAMP NOT NULL,
  decision VARCHAR NOT NULL,
  judgement JSON NOT NULL
);

-- What became of each call over all its tries. A user waits from the first send to the last byte; where the replay's own
-- pace was refused (429) the last try stands alone. No answer is infinitely slow. A call that an interruption broke off
-- between two tries began anew (try 0 again): what came before is no wait of a user's.
CREATE VIEW calls AS
WITH series AS (
  SELECT run_id, record_id, arm, trial, coalesce(max(sent_at) FILTER (tries = 0), min(sent_at)) AS first_sent_at
  FROM attempt GROUP BY ALL
), span AS (
  SELECT run_id, record_id, arm, trial, first_sent_at, count(*) AS try_count,
         coalesce(bool_or(http_status = 429), false) AS was_rate_limited
  FROM attempt JOIN series USING (run_id, record_id, arm, trial) WHERE sent_at >= first_sent_at GROUP BY ALL
)
SELECT a.* EXCLUDE (tries, is_final), s.try_count AS tries, s.was_rate_limited,
  CASE WHEN a.outcome <> 'reply' THEN 'Infinity'::DOUBLE
       ELSE a.total_ms + CASE WHEN s.was_rate_limited THEN 0 ELSE epoch_ms(a.sent_at) - epoch_ms(s.first_sent_at) END
  END AS latency_ms,
  CASE WHEN a.outcome <> 'reply' THEN 'Infinity'::DOUBLE
       ELSE a.first_token_ms + CASE WHEN s.was_rate_limited THEN 0 ELSE epoch_ms(a.sent_at) - epoch_ms(s.first_sent_at) END
  END AS ttft_ms
FROM attempt a JOIN span s USING (run_id, record_id, arm, trial)
WHERE a.is_final;

-- One row for each record and trial, both arms side by side. Trial 0 is the pair that is judged; in trial 1 production
-- answered again (the noise floor): there the candidate's columns are null and similarity is production's with itself.
CREATE VIEW pairs AS
WITH refused AS (
  SELECT run_id, record_id, comparison, production <> 0 AS production, candidate <> 0 AS candidate
  FROM measure WHERE metric = 'refused'
), similarity AS (
  SELECT run_id, record_id, comparison, candidate AS similarity FROM measure WHERE metric = 'text-similarity'
)
SELECT r.run_id, r.ordinal, r.record_id, p.trial, rec.segments, rec.cluster, rec.body AS request,
  p.outcome AS production_outcome, c.outcome AS candidate_outcome,
  p.text AS production_text, c.text AS candidate_text,
  p.tool_calls AS production_tool_calls, c.tool_calls AS candidate_tool_calls,
  p.stop AS production_stop, c.stop AS candidate_stop,
  p.latency_ms AS production_latency_ms, c.latency_ms AS candidate_latency_ms,
  p.ttft_ms AS production_ttft_ms, c.ttft_ms AS candidate_ttft_ms,
  p.input_tokens AS production_input_tokens, c.input_tokens AS candidate_input_tokens,
  p.output_tokens AS production_output_tokens, c.output_tokens AS candidate_output_tokens,
  p.cached_input_tokens AS production_cached_input_tokens, c.cached_input_tokens AS candidate_cached_input_tokens,
  CASE WHEN p.trial = 0 THEN f.production ELSE f.candidate END AS production_refused,
  CASE WHEN p.trial = 0 THEN f.candidate END AS candidate_refused,
  s.similarity
FROM run_record r
JOIN record rec ON rec.id = r.record_id
JOIN calls p ON p.run_id = r.run_id AND p.record_id = r.record_id AND p.arm = 'production'
LEFT JOIN calls c ON c.run_id = r.run_id AND c.record_id = r.record_id AND c.arm = 'candidate' AND c.trial = p.trial
LEFT JOIN refused f ON f.run_id = r.run_id AND f.record_id = r.record_id
  AND f.comparison = CASE WHEN p.trial = 0 THEN 'candidate' ELSE 'noise' END
LEFT JOIN similarity s ON s.run_id = r.run_id AND s.record_id = r.record_id
  AND s.comparison = CASE WHEN p.trial = 0 THEN 'candidate' ELSE 'noise' END;
`,
} as const

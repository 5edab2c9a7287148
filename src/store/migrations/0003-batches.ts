// Batches: what a provider was handed in one piece. And no latency, not an infinite one, where nobody could measure.

export const batches = {
  version: 3,
  sql: `
-- The names are the provider's: of the batch once it has told it, of the uploaded requests where its API has them uploaded first.
CREATE TABLE batch (
  run_id VARCHAR NOT NULL,
  number INTEGER NOT NULL,
  arm VARCHAR NOT NULL,
  batch_id VARCHAR,
  file_id VARCHAR,
  submitted_at TIMESTAMP NOT NULL,
  requests INTEGER NOT NULL,
  status VARCHAR NOT NULL,
  detail VARCHAR
);

-- The calls that a batch holds. A call that one batch left unanswered is in a later one, too.
CREATE TABLE batch_call (
  run_id VARCHAR NOT NULL,
  number INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  record_id VARCHAR NOT NULL,
  trial INTEGER NOT NULL,
  position INTEGER NOT NULL
);

-- As before, but that a call without any time has no latency, whatever became of it: a batch. A timeout is a wait by its name.
CREATE OR REPLACE VIEW calls AS
WITH last_round AS (
  SELECT run_id, ordinal, arm, trial, max(round) AS round FROM attempt WHERE is_final GROUP BY ALL
), counted AS (
  SELECT a.* FROM attempt a JOIN last_round USING (run_id, ordinal, arm, trial, round)
), series AS (
  SELECT run_id, ordinal, arm, trial, coalesce(max(sent_at) FILTER (tries = 0), min(sent_at)) AS first_sent_at
  FROM counted GROUP BY ALL
), span AS (
  SELECT run_id, ordinal, arm, trial, first_sent_at, count(*) AS try_count,
         coalesce(bool_or(http_status = 429), false) AS was_rate_limited,
         max(delay_ms) FILTER (tries = 0) AS first_delay_ms
  FROM counted JOIN series USING (run_id, ordinal, arm, trial) WHERE sent_at >= first_sent_at GROUP BY ALL
), waited AS (
  SELECT s.*, CASE WHEN was_rate_limited THEN NULL ELSE first_sent_at END AS waits_from,
    CASE WHEN manifest->>'$.replay.pace' = 'open' AND NOT was_rate_limited THEN coalesce(first_delay_ms, 0) ELSE 0 END AS due_ms
  FROM span s LEFT JOIN run ON run.id = s.run_id
)
SELECT a.* EXCLUDE (tries, is_final), w.try_count AS tries, w.was_rate_limited,
  CASE WHEN a.total_ms IS NULL AND a.outcome <> 'timeout' THEN NULL
       WHEN a.outcome <> 'reply' THEN 'Infinity'::DOUBLE
       ELSE a.total_ms + due_ms + coalesce(epoch_ms(a.sent_at) - epoch_ms(waits_from), 0) END AS latency_ms,
  CASE WHEN a.total_ms IS NULL AND a.outcome <> 'timeout' THEN NULL
       WHEN a.outcome <> 'reply' THEN 'Infinity'::DOUBLE
       ELSE a.first_token_ms + due_ms + coalesce(epoch_ms(a.sent_at) - epoch_ms(waits_from), 0) END AS ttft_ms
FROM counted a JOIN waited w USING (run_id, ordinal, arm, trial)
WHERE a.is_final;
`,
} as const

// What a log knows beside requests: why one cannot be replayed, its cost, failure and names, and what people thought of it.

export const ingested = {
  version: 7,
  sql: `
-- Long texts as zstd: a third of the size of what DuckDB chooses, in a quarter of its time. No index on the id: writing it
-- took longer than the records; \`records.ts\` adds no id twice.
ALTER TABLE record RENAME TO record_before;
CREATE TABLE record (
  id VARCHAR NOT NULL,
  api VARCHAR NOT NULL,
  body JSON NOT NULL USING COMPRESSION zstd,
  captured_at TIMESTAMP,
  recorded JSON USING COMPRESSION zstd,
  recorded_timing JSON,
  feedback JSON NOT NULL,
  cluster VARCHAR,
  segments JSON NOT NULL,
  fidelity VARCHAR NOT NULL,
  source_file VARCHAR NOT NULL,
  source_line INTEGER NOT NULL,
  format VARCHAR NOT NULL,
  recorded_usage JSON,
  recorded_error JSON,
  fidelity_reason VARCHAR,
  call_id VARCHAR,
  trace_id VARCHAR
);
INSERT INTO record SELECT *, NULL, NULL, NULL, NULL, NULL FROM record_before;
DROP TABLE record_before;
-- about: a call's name or its trace's, in the words of the log. It may come before its record, or never find one.
CREATE TABLE opinion (
  about VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  value DOUBLE,
  comment VARCHAR,
  PRIMARY KEY (about, name)
);
ALTER TABLE attempt ADD COLUMN cache_write_tokens BIGINT DEFAULT 0;

-- As before: a view of all columns is bound to those that it was made with.
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

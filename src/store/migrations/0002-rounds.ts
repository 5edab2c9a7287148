// Rounds of pairs that were asked again, both arms' trials, our own delay, runs that stop early, and measures as numbers.

export const rounds = {
  version: 2,
  sql: `
ALTER TABLE attempt ADD COLUMN round INTEGER DEFAULT 0;
ALTER TABLE attempt ADD COLUMN delay_ms DOUBLE DEFAULT 0;
ALTER TABLE attempt ADD COLUMN ordinal INTEGER;
UPDATE attempt SET ordinal = rr.ordinal FROM run_record rr
  WHERE rr.run_id = attempt.run_id AND rr.record_id = attempt.record_id;
ALTER TABLE run ADD COLUMN stopped JSON;
UPDATE attempt SET timeout_phase = 'first-token' WHERE timeout_phase = 'headers';
-- Earlier runs asked the candidate once.
ALTER TABLE run_record RENAME COLUMN production_trials TO trials;

DROP VIEW pairs;
DROP VIEW calls;

-- Names behind the numbers of measure_value: a metric has one for ever, in the order in which the store met it.
CREATE TABLE metric (id UTINYINT PRIMARY KEY, name VARCHAR UNIQUE NOT NULL);
CREATE TABLE comparison (id UTINYINT PRIMARY KEY, name VARCHAR UNIQUE NOT NULL);
INSERT INTO comparison VALUES (0, 'candidate'), (1, 'noise'), (2, 'cross'), (3, 'cross-candidate'), (4, 'cross-both'),
  (5, 'candidate-noise');
CREATE TABLE absence (id UTINYINT PRIMARY KEY, name VARCHAR UNIQUE NOT NULL);
INSERT INTO absence VALUES (0, 'no-reply'), (1, 'not-reported'), (2, 'not-streamed'), (3, 'no-price'), (4, 'one-arm-only'),
  (5, 'excluded'), (6, 'not-measured');

-- NaN is no number, and 255 no absence: what holds no NULL is written and read several times faster. People read the view.
CREATE TABLE measure_value (
  run_id VARCHAR NOT NULL,
  ordinal INTEGER NOT NULL,
  comparison UTINYINT NOT NULL,
  metric UTINYINT NOT NULL,
  version UTINYINT NOT NULL,
  production DOUBLE NOT NULL,
  production_weight DOUBLE NOT NULL,
  candidate DOUBLE NOT NULL,
  candidate_weight DOUBLE NOT NULL,
  absent UTINYINT NOT NULL
);
INSERT INTO metric SELECT row_number() OVER (ORDER BY metric) - 1, metric FROM (SELECT DISTINCT metric FROM measure);
INSERT INTO measure_value
  SELECT m.run_id, rr.ordinal, c.id, n.id, m.version, coalesce(m.production, 'NaN'), coalesce(m.production_weight, 'NaN'),
    coalesce(m.candidate, 'NaN'), coalesce(m.candidate_weight, 'NaN'), coalesce(a.id, 255)
  FROM measure m JOIN run_record rr ON rr.run_id = m.run_id AND rr.record_id = m.record_id
  JOIN comparison c ON c.name = m.comparison JOIN metric n ON n.name = m.metric LEFT JOIN absence a ON a.name = m.absent;
DROP TABLE measure;

-- One metric in one pair. Where absent is set the numbers are null.
CREATE VIEW measure AS
SELECT m.run_id, rr.record_id, c.name AS comparison, n.name AS metric, m.version,
  CASE WHEN isnan(m.production) THEN NULL ELSE m.production END AS production,
  CASE WHEN isnan(m.production_weight) THEN NULL ELSE m.production_weight END AS production_weight,
  CASE WHEN isnan(m.candidate) THEN NULL ELSE m.candidate END AS candidate,
  CASE WHEN isnan(m.candidate_weight) THEN NULL ELSE m.candidate_weight END AS candidate_weight,
  a.name AS absent
FROM measure_value m
JOIN run_record rr ON rr.run_id = m.run_id AND rr.ordinal = m.ordinal
JOIN comparison c ON c.id = m.comparison JOIN metric n ON n.id = m.metric LEFT JOIN absence a ON a.id = m.absent;

-- What became of each call in its last round, over all its tries. A user waits from the first send to the last byte, in open
-- loop from when the request was due; where the replay's own pace was refused (429) the last try stands alone. No answer is
-- infinitely slow. A call that an interruption broke off between two tries began anew (try 0 again): what came before is no
-- wait of a user's.
CREATE VIEW calls AS
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
  CASE WHEN a.outcome <> 'reply' THEN 'Infinity'::DOUBLE
       ELSE a.total_ms + due_ms + coalesce(epoch_ms(a.sent_at) - epoch_ms(waits_from), 0) END AS latency_ms,
  CASE WHEN a.outcome <> 'reply' THEN 'Infinity'::DOUBLE
       ELSE a.first_token_ms + due_ms + coalesce(epoch_ms(a.sent_at) - epoch_ms(waits_from), 0) END AS ttft_ms
FROM counted a JOIN waited w USING (run_id, ordinal, arm, trial)
WHERE a.is_final;

-- One row for each record and trial, both arms side by side. Trial 0 is the pair that is judged; trial 1 asked both once more
-- for the noise floor: there similarity and refusals compare production's two answers.
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
JOIN calls p ON p.run_id = r.run_id AND p.ordinal = r.ordinal AND p.arm = 'production'
LEFT JOIN calls c ON c.run_id = r.run_id AND c.ordinal = r.ordinal AND c.arm = 'candidate' AND c.trial = p.trial
LEFT JOIN refused f ON f.run_id = r.run_id AND f.record_id = r.record_id
  AND f.comparison = CASE WHEN p.trial = 0 THEN 'candidate' ELSE 'noise' END
LEFT JOIN similarity s ON s.run_id = r.run_id AND s.record_id = r.record_id
  AND s.comparison = CASE WHEN p.trial = 0 THEN 'candidate' ELSE 'noise' END;
`,
} as const

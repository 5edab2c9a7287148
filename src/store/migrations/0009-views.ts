// The views for people's SQL made whole: where each pair came from and who answered it, runs, and what the gate said of each rule.

export const views = {
  version: 9,
  sql: `
-- One run, with its decision; null where it was not judged.
CREATE VIEW runs AS
SELECT run.id AS run_id, started_at, finished_at, status, v.decision, (v.judgement->>'$.verdict.held')::BOOLEAN AS is_held,
  manifest->>'$.targets.production.model' AS production_model,
  manifest->>'$.targets.candidate.model' AS candidate_model,
  (manifest->>'$.dataset.records')::BIGINT AS records, manifest->>'$.dataset.sha256' AS dataset,
  (manifest->>'$.seed')::BIGINT AS seed, v.decided_at
FROM run LEFT JOIN verdict v ON v.run_id = run.id;

-- One rule of a judged run. Where nothing could be measured the numbers are null; a side without a limit is infinite.
CREATE VIEW findings AS
SELECT run_id, decided_at, f->>'$.rule.metric' AS metric, f->>'$.rule.segment.key' AS segment_key,
  f->>'$.rule.segment.value' AS segment_value, f->>'$.rule.severity' AS severity, f->>'$.outcome' AS outcome,
  (f->>'$.rule.margin')::DOUBLE AS margin, f->>'$.effect.scale' AS scale, (f->>'$.effect.pairs')::BIGINT AS pairs,
  (f->>'$.effect.production')::DOUBLE AS production, (f->>'$.effect.candidate')::DOUBLE AS candidate,
  (f->>'$.effect.estimate')::DOUBLE AS estimate, (f->>'$.effect.interval.low')::DOUBLE AS low,
  (f->>'$.effect.interval.high')::DOUBLE AS high, f->>'$.because' AS because
FROM (SELECT run_id, decided_at, unnest(judgement->'$.verdict.findings[*]') AS f FROM verdict);

-- As before, with the record's place in the run.
CREATE OR REPLACE VIEW measure AS
SELECT m.run_id, rr.record_id, c.name AS comparison, n.name AS metric, m.version,
  CASE WHEN isnan(m.production) THEN NULL ELSE m.production END AS production,
  CASE WHEN isnan(m.production_weight) THEN NULL ELSE m.production_weight END AS production_weight,
  CASE WHEN isnan(m.candidate) THEN NULL ELSE m.candidate END AS candidate,
  CASE WHEN isnan(m.candidate_weight) THEN NULL ELSE m.candidate_weight END AS candidate_weight,
  a.name AS absent, m.ordinal
FROM measure_value m
JOIN run_record rr ON rr.run_id = m.run_id AND rr.ordinal = m.ordinal
JOIN comparison c ON c.id = m.comparison JOIN metric n ON n.id = m.metric LEFT JOIN absence a ON a.id = m.absent;

-- As before, with who answered, after how many tries, what an answer that failed said, and where the record stood in the log.
CREATE OR REPLACE VIEW pairs AS
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
  s.similarity,
  p.served_model AS production_served_model, c.served_model AS candidate_served_model,
  p.tries AS production_tries, c.tries AS candidate_tries,
  p.detail AS production_detail, c.detail AS candidate_detail,
  rec.captured_at, rec.source_file, rec.source_line
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

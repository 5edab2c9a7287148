// What a judge said of a pair, in each order, as a fact of the pair: it is asked once.

export const judged = {
  version: 6,
  sql: `
INSERT INTO absence VALUES (11, 'not-judged'), (12, 'judge-failed');
-- shown_first: the arm whose answer stood first. preferred is null where the answer said nothing.
CREATE TABLE judge_answer (
  run_id VARCHAR NOT NULL,
  ordinal INTEGER NOT NULL,
  judge VARCHAR NOT NULL,
  shown_first VARCHAR NOT NULL,
  preferred VARCHAR,
  answer VARCHAR NOT NULL,
  input_tokens INTEGER,
  output_tokens INTEGER,
  PRIMARY KEY (run_id, ordinal, judge, shown_first)
);
`,
} as const

// Which records came when, in the one order that no log can upset: before or after a run was drawn.

export const draws = {
  version: 11,
  sql: `
-- Runs by the order in which they were drawn.
CREATE TABLE draw (number INTEGER PRIMARY KEY, run_id VARCHAR NOT NULL);
-- How many runs had been drawn when the record came in.
ALTER TABLE record ADD COLUMN drawn_before INTEGER DEFAULT 0;
`,
} as const

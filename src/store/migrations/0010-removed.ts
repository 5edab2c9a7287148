// What retention took out of a run: whoever misses it is told, and when it went.

export const removed = {
  version: 10,
  sql: `
-- what: 'texts' of its answers and requests; 'attempts', and all that was measured of each pair.
CREATE TABLE removed (
  run_id VARCHAR NOT NULL,
  what VARCHAR NOT NULL,
  removed_at TIMESTAMP NOT NULL,
  PRIMARY KEY (run_id, what)
);
`,
} as const

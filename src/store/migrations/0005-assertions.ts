// Metrics of the user's own: many names, versions that are hashes, and more ways of having nothing to say.

export const assertions = {
  version: 5,
  sql: `
INSERT INTO absence VALUES (8, 'too-short'), (9, 'too-long'), (10, 'check-failed');
ALTER TABLE measure_value ALTER metric TYPE INTEGER;
ALTER TABLE measure_value ALTER version TYPE INTEGER;
CREATE TABLE named_metric (id INTEGER PRIMARY KEY, name VARCHAR UNIQUE NOT NULL);
INSERT INTO named_metric SELECT * FROM metric;
DROP TABLE metric;
ALTER TABLE named_metric RENAME TO metric;
`,
} as const

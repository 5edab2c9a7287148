// A metric may be about requests of one kind alone.

export const notAsked = {
  version: 4,
  sql: `
INSERT INTO absence VALUES (7, 'not-asked');
`,
} as const

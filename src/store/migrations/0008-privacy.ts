// What each ingest replaced of personal data, so that a report can say what its records went through.

export const privacy = {
  version: 8,
  sql: `
CREATE SEQUENCE privacy_order;
CREATE TABLE privacy (
  ordinal BIGINT PRIMARY KEY DEFAULT nextval('privacy_order'),
  ingested_at TIMESTAMP NOT NULL,
  is_on BOOLEAN NOT NULL,
  -- Of each kind that was looked for, how much was replaced.
  replaced JSON NOT NULL,
  records BIGINT NOT NULL
);
`,
} as const

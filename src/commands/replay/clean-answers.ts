// What is kept of an answer: no credential, and no personal data where the config has it replaced.

import { redactions } from '../../ingest/redact.ts'
import type { Clean } from '../../replay/clean.ts'
import type { Store } from '../../store/store.ts'
import { personalDataOf } from '../ingest/privacy-words.ts'
import type { Session } from '../session/session.ts'

/** As the log's own answers are cleaned, with the same placeholders. */
export function answerCleaner({ config }: Session, { salt }: Store): Clean {
  const sought = personalDataOf(config)
  return redactions(sought && { ...sought, salt })().text
}

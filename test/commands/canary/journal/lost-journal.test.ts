// What says that a journal was lost, and what only lies beside it.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lostRollout } from '../../../../src/commands/canary/journal/lost-journal.ts'
import { opinionSchemaId, servedSchemaId } from '../../../../src/core/served-line.ts'
import { temporaryFolder } from '../../../support/cli.ts'
import { load, targets } from '../../config/config-file.ts'

const long = 'x'.repeat(10_000)

it.each([
  ['the router’s log', 'requests.jsonl', { schema: servedSchemaId, id: 'a', request: long }, true],
  ['a part of it that was put aside', 'requests.000001.jsonl', { schema: servedSchemaId, id: 'a' }, true],
  ['a log that begins with an opinion', 'requests.jsonl', { schema: opinionSchemaId, id: 'a' }, true],
  ['production’s own log of a like name', 'requests-2026-11-26.jsonl', { request: long, response: {} }, false],
])('%s is told from others', (_, name, line, isLost) => {
  const { config } = load(`${targets}canary: { log: requests.jsonl }\n`)
  const folder = temporaryFolder()
  writeFileSync(join(folder, name), `${JSON.stringify(line)}\n`)
  const lost = lostRollout({ folder, config }, [])
  if (isLost) expect(lost).toContain(`(${join(folder, name)})`)
  else expect(lost).toBeNull()
})

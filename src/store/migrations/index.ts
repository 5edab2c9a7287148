// The migrations, in order: an explicit list.

import { first } from './0001-first.ts'
import { rounds } from './0002-rounds.ts'
import { batches } from './0003-batches.ts'
import { notAsked } from './0004-not-asked.ts'
import { assertions } from './0005-assertions.ts'
import { judged } from './0006-judge.ts'
import { ingested } from './0007-ingest.ts'
import { privacy } from './0008-privacy.ts'
import { views } from './0009-views.ts'
import { removed } from './0010-removed.ts'
import { draws } from './0011-draws.ts'
import { pairRows } from './0012-pair-rows.ts'
import { recorded } from './0013-recorded.ts'
import { kept } from './0014-kept.ts'

export const migrations: readonly { readonly version: number; readonly sql: string }[] = [
  first,
  rounds,
  batches,
  notAsked,
  assertions,
  judged,
  ingested,
  privacy,
  views,
  removed,
  draws,
  pairRows,
  recorded,
  kept,
]

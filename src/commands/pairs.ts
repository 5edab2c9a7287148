// `shadowgate pairs`: the pairs of a run as a list, for shells and scripts; `browse` without its screen.

import { Fault } from '../core/fault.ts'
import type { PairRow } from '../core/pair.ts'
import { oneLine } from '../core/visible-text.ts'
import { matches, needsText } from '../filter/match.ts'
import type { Term } from '../filter/parse.ts'
import { count } from '../report/format.ts'
import { reviewOfRow, reviewState } from '../review/find.ts'
import { plainRow } from '../score/pair-table.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { textIn } from '../tui/searching.ts'
import type { Command, Invocation } from './command.ts'
import { pairDetails } from './pairs/pair-details.ts'
import { storedPairs } from './pairs/stored-pairs.ts'
import { requireFilter, whereFlag } from './pairs/where.ts'
import { reviewBookOf } from './review/reviewer.ts'
import { removedNote } from './run/removed.ts'
import { requireRun, runFlag } from './run/stored-run.ts'
import { swapOf } from './run/swap-of.ts'
import { openSession, requireStore, type Session, withStore } from './session/session.ts'

const defaultLimit = 50

export const pairs = {
  examples: [
    'shadowgate pairs --where "regressed unreviewed"',
    'shadowgate pairs --where "latency>2" --limit 10',
    'shadowgate pairs --json --limit 100000',
  ],
  settings: ['store', 'reviews', 'gate.segments'],
  flags: [
    runFlag,
    whereFlag,
    { flag: '--limit <n>', description: `So many pairs at most, the worst first (default: ${defaultLimit})` },
  ],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    const limit = limitOf(invocation)
    requireStore(session)
    await withStore(session, async (store) => {
      const stored = await requireRun(session, store)
      const { table, segments } = await storedPairs(session, store, stored)
      const note = removedNote(await store.removedOf(stored.run.id))
      if (note !== null) session.say(note)
      const { terms } = requireFilter(invocation, segments)
      const stateOf = reviewStates(session, stored)
      const found = await foundIn({ store, stored, rows: table.rows, terms, stateOf })
      const shown = found
        .slice(0, limit)
        .map((row) => ({ ...plainRow(row), review: stateOf(row), reasons: table.reasonsOf(row) }))
      if (invocation.isJson) {
        world.stdout(JSON.stringify({ run: stored.run.id, of: table.rows.length, found: found.length, pairs: shown }))
        return
      }
      for (const each of shown) world.stdout(lineOf(each))
      const left = found.length - shown.length
      if (left > 0) session.say(`and ${count(left)} more: --limit ${found.length} lists all`)
      if (found.length === 0) session.say('no pair is asked for by this')
    })
    return 0
  },
} satisfies Command

function limitOf({ own }: Invocation): number {
  const text = own['limit'] ?? String(defaultLimit)
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1) return limit
  throw new Fault('USAGE', `--limit takes a whole number from 1 on, not "${String(text)}"`)
}

function reviewStates(session: Session, { run }: StoredRun) {
  const now = new Date(session.world.clock.now()).toISOString()
  const reviewed = { reviews: reviewBookOf(session, run).reviews(), swap: swapOf(run), now }
  return (row: PairRow) => reviewState(reviewOfRow(row, reviewed))
}

interface Asked {
  readonly store: Store
  readonly stored: StoredRun
  readonly rows: readonly PairRow[]
  readonly terms: readonly Term[]
  readonly stateOf: ReturnType<typeof reviewStates>
}

const pageSize = 200

/** Texts are read where the filter looks for some, a page at a time. */
async function foundIn({ store, stored, rows, terms, stateOf }: Asked): Promise<readonly PairRow[]> {
  const possible = rows.filter((row) => matches(terms, { row, review: stateOf(row), text: null }))
  if (!needsText(terms)) return possible
  const found: PairRow[] = []
  for (let from = 0; from < possible.length; from += pageSize) {
    const page = possible.slice(from, from + pageSize)
    const details = await pairDetails(store, stored, page)
    const isFound = (row: PairRow) => {
      const detail = details.get(row.ordinal)
      return detail !== undefined && matches(terms, { row, review: stateOf(row), text: textIn(detail) })
    }
    found.push(...page.filter(isFound))
  }
  return found
}

/** Columns for `cut` and `awk`: a tab between them, and none in them. */
function lineOf({
  recordId,
  standing,
  review,
  reasons,
  segments,
}: PairRow & { review: string; reasons: readonly string[] }) {
  const named = Object.entries(segments).map(([key, value]) => `${key}=${value}`)
  return [recordId, standing, review, reasons.join(' · ') || '-', named.join(' ') || '-'].map(oneLine).join('\t')
}

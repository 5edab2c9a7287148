// Looks at a run while it is replayed, and says when nothing is left to wait for.

import type { Stopped } from '../core/judgement.ts'
import { notLooked, takeLook } from '../gate/looks.ts'
import { subjectOf } from '../gate/words.ts'
import { buildScoreTable, type ScoredRecord } from '../score/columns.ts'
import { evidenceOf } from '../score/effects.ts'
import { gatherColumns } from '../score/gather.ts'
import type { Metric } from '../score/metric.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { type Looking, lookingAt, watchedBy } from './judge.ts'
import { measured } from './score.ts'
import type { Session } from './session.ts'

export interface Lookout {
  /** The records of these places came to their end. */
  readonly end: (ordinals: readonly number[]) => void
  /** Why the run may end, once it may; null while it must go on. */
  readonly stopped: () => Stopped | null
  /** Whether every record of the plan came to its end. */
  readonly isWhole: () => boolean
  /** For the progress line; empty where the run is not looked at. */
  readonly text: () => string
  /** Resolves when no look is being taken. Rejects with what went wrong in one. */
  readonly settled: () => Promise<void>
}

export interface LookoutOptions {
  readonly session: Session
  readonly store: Store
  readonly stored: StoredRun
  /** Writes out what the replay has handed over: a look reads it from the store. */
  readonly flush: () => void
  /** US dollars that the run has cost; null where nobody knows. */
  readonly spent: () => number | null
  /** Called once, when the run may end. */
  readonly onOver: () => void
}

const blindLookout: Lookout = {
  end: () => {},
  stopped: () => null,
  isWhole: () => false,
  text: () => '',
  settled: () => Promise.resolve(),
}

/**
 * A look sees the first so many records of the plan, once all of them have ended: which answers came fast has no say in what is
 * looked at, and the same look can be taken again from the store.
 */
export async function createLookout(options: LookoutOptions): Promise<Lookout> {
  const { session, store, stored } = options
  const records = await store.runOutlines(stored.run.id)
  const looking = lookingAt(stored.run, session.policy, records, null)
  return looking === null ? blindLookout : lookoutOver(options, records, looking)
}

function lookoutOver(options: LookoutOptions, records: readonly ScoredRecord[], looking: Looking): Lookout {
  const { session } = options
  const { policy } = session
  const { looks } = looking
  // Before that nothing can end the run, and its looks, which can be taken later, would only take time from the replay.
  const mayEndAt = Date.parse(options.stored.run.startedAt) + (policy.looks?.minMinutes ?? 0) * 60_000
  const prefix = createPrefix()
  let looked = notLooked
  let stopped: Stopped | null = null
  let work: Promise<void> | null = null
  let failure: { readonly error: unknown } | null = null
  let hasHoles = false

  const look = async () => {
    for (let next = looks[looked.taken.length]; next && next.n <= prefix.length(); next = looks[looked.taken.length]) {
      // The last look is the verdict's: the run is over by then.
      if (next === looks.at(-1) || stopped !== null) return
      // What is decided needs no evidence any more.
      const open = policy.rules.filter(({ metric, segment }) => !looked.decided.has(subjectOf(metric, segment)))
      const watched = watchedBy({ rules: open })
      options.flush()
      const data = await readFirst(options, watched.metrics, next.n)
      // What the breaker has held back is asked again by the next run: this one has a sample with holes, and looks no more.
      if (data.pairs < next.n) {
        hasHoles = true
        return
      }
      const table = buildScoreTable(records, data.measures, data.sentAt)
      looked = takeLook(looked, next, evidenceOf(table, { ...watched, level: policy.level }), policy)
      if (!looked.isOver) continue
      const sent = prefix.ended()
      stopped = { why: 'decided', records: next.n, because: because(sent) }
      options.onOver()
    }
  }

  const because = (sent: number): string => {
    const broken = [...looked.decided].filter(([, { outcome }]) => outcome === 'fail').map(([subject]) => subject)
    const what =
      broken.length > 0
        ? `${broken.join(', ')} ${broken.length === 1 ? 'was' : 'were'} shown to be broken`
        : 'every blocking rule was decided'
    const last = looks[looked.taken.length - 1]?.n ?? 0
    const unsent = records.length - sent
    const spent = options.spent()
    const saved = spent !== null && spent > 0 && sent > 0 ? `, about $${((spent / sent) * unsent).toFixed(2)}` : ''
    const at = `look ${looked.taken.length} of ${looks.length}, after ${last.toLocaleString('en-US')} of ${records.length.toLocaleString('en-US')} pairs`
    return `The replay was ended at ${at}: ${what}. That saved ${unsent.toLocaleString('en-US')} pairs${saved}.`
  }

  return {
    end: (ordinals) => {
      prefix.end(ordinals)
      const next = looks[looked.taken.length]
      if (work !== null || failure !== null || hasHoles || !next || next.n > prefix.length()) return
      if (session.world.clock.now() < mayEndAt) return
      work = look()
        .catch((error: unknown) => {
          failure = { error }
          options.onOver()
        })
        .finally(() => {
          work = null
        })
    },
    stopped: () => stopped,
    isWhole: () => prefix.ended() === records.length,
    text: () =>
      looked.taken.length === 0
        ? ''
        : `look ${looked.taken.length} of ${looks.length}: ${looked.decided.size} decided, ${looked.taken.at(-1)?.open ?? 0} open`,
    settled: async () => {
      await work
      if (failure !== null) throw failure.error
    },
  }
}

/** How many records from the first on have ended. */
function createPrefix() {
  const ahead = new Set<number>()
  let length = 0
  return {
    end: (ordinals: readonly number[]) => {
      for (const ordinal of ordinals) ahead.add(ordinal)
      while (ahead.delete(length)) length += 1
    },
    length: () => length,
    ended: () => length + ahead.size,
  }
}

async function readFirst({ session, store, stored }: LookoutOptions, metrics: readonly Metric[], first: number) {
  const gathering = gatherColumns()
  let pairs = 0
  for await (const rows of await measured(session, store, stored, {
    metrics,
    first,
    onPairs: (count) => (pairs += count),
  }))
    gathering.add(rows)
  const sentAt = await store.sentTimesOf(stored.run.id, stored.run.dataset.records)
  return { measures: gathering.columns(), pairs, sentAt }
}

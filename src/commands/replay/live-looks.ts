// Looks at a run while it is replayed, and says when nothing is left to wait for.

import type { Stopped } from '../../core/judgement.ts'
import { blockingRules, notLooked, takeLook } from '../../gate/looks.ts'
import { subjectOf } from '../../gate/words.ts'
import { usd } from '../../report/format.ts'
import { buildScoreTable } from '../../score/columns.ts'
import { evidenceOf } from '../../score/effects.ts'
import { gatherColumns } from '../../score/gather.ts'
import type { Metric } from '../../score/metric.ts'
import { change } from '../../score/metrics/change.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { lookingAt, watchedBy } from '../gate/judgement.ts'
import { reviewedPolicy, reviewedRun } from '../gate/reviewed-run.ts'
import { swapOf } from '../run/swap-of.ts'
import { measured } from '../score.ts'
import type { Session } from '../session/session.ts'

export interface WatchOptions {
  readonly session: Session
  readonly store: Store
  readonly stored: StoredRun
  /** Writes out what the replay has handed over: a look reads it from the store. */
  readonly flush: () => void
  /** US dollars that the run has cost; null where nobody knows. */
  readonly spent: () => number | null
}

/** How many records have ended: from the first on without a gap, and in all. */
export interface Prefix {
  readonly length: () => number
  readonly ended: () => number
}

export interface Watch {
  /** After so many records the next look is due; Infinity where none is to come. */
  readonly nextAt: () => number
  /** Takes the looks that are due. Why the run may end, once it may. */
  readonly look: (prefix: Prefix) => Promise<Stopped | null>
  readonly text: () => string
  readonly standing: () => LookStanding
}

/** What the looks have come to so far. */
export interface LookStanding {
  readonly taken: number
  readonly of: number
  /** Records that the last look saw. */
  readonly records: number
  /** Blocking rules. */
  readonly rules: readonly { readonly subject: string; readonly outcome: 'pass' | 'fail' | 'open' }[]
}

/**
 * A look sees the first so many records of the plan, once all of them have ended: which answers came fast has no say in what is
 * looked at, and the same look can be taken again from the store. The last look is the verdict's: the run is over by then.
 */
export async function createWatch(options: WatchOptions): Promise<Watch> {
  const { session, store, stored } = options
  const policy = reviewedPolicy(session.policy, stored.run, session.reviews)
  // What was accepted is found by how the pairs changed.
  const alsoRead = policy.reviews === undefined ? [] : [change]
  const records = await store.runOutlines(stored.run.id)
  const looks = lookingAt(stored.run, policy, records, null)?.looks ?? []
  let looked = notLooked
  let hasHoles = false

  const next = () => (hasHoles ? undefined : looks.slice(0, -1)[looked.taken.length])
  const because = ({ ended }: Prefix): string => {
    const broken = [...looked.decided].filter(([, { outcome }]) => outcome === 'fail').map(([subject]) => subject)
    const what =
      broken.length > 0
        ? `${broken.join(', ')} ${broken.length === 1 ? 'was' : 'were'} shown to be broken`
        : 'every blocking rule was decided'
    const seen = looked.taken.at(-1)?.records ?? 0
    const [sent, spent] = [ended(), options.spent()]
    const unsent = records.length - sent
    const saved = spent !== null && spent > 0 && sent > 0 ? `, about ${usd((spent / sent) * unsent)}` : ''
    const at = `look ${looked.taken.length} of ${looks.length}, after ${seen.toLocaleString('en-US')} of ${records.length.toLocaleString('en-US')} pairs`
    return `The replay was ended at ${at}: ${what}. That saved ${unsent.toLocaleString('en-US')} pairs${saved}.`
  }
  return {
    nextAt: () => next()?.n ?? Infinity,
    look: async (prefix) => {
      for (let due = next(); due && due.n <= prefix.length(); due = next()) {
        // What is decided needs no evidence any more.
        const open = policy.rules.filter(({ metric, segment }) => !looked.decided.has(subjectOf(metric, segment)))
        const watched = watchedBy({ rules: open }, session.metrics)
        options.flush()
        const { measures, pairs, sentAt } = await readFirst(options, [...watched.metrics, ...alsoRead], due.n)
        // What the breaker has held back is asked again by the next run: this one has a sample with holes, and looks no more.
        hasHoles = pairs < due.n
        if (hasHoles) return null
        const reviewed = reviewedRun({
          policy,
          swap: swapOf(stored.run),
          measures,
          records,
          metrics: session.metrics,
        })
        const table = buildScoreTable(records, reviewed.measures, sentAt)
        looked = takeLook(looked, due, reviewed.told(evidenceOf(table, { ...watched, level: policy.level })), policy)
        if (looked.isOver) return { why: 'decided', records: due.n, because: because(prefix) }
      }
      return null
    },
    standing: () => ({
      taken: looked.taken.length,
      of: looks.length,
      records: looked.taken.at(-1)?.records ?? 0,
      rules: blockingRules(policy).map(({ metric, segment }) => {
        const subject = subjectOf(metric, segment)
        const outcome = looked.decided.get(subject)?.outcome
        return { subject, outcome: outcome === 'pass' || outcome === 'fail' ? outcome : 'open' }
      }),
    }),
    text: () =>
      looked.taken.length === 0
        ? ''
        : `look ${looked.taken.length} of ${looks.length}: ${looked.decided.size} decided, ${looked.taken.at(-1)?.open ?? 0} open`,
  }
}

async function readFirst({ session, store, stored }: WatchOptions, metrics: readonly Metric[], first: number) {
  const gathering = gatherColumns()
  let pairs = 0
  const onPairs = (count: number) => (pairs += count)
  for await (const rows of await measured(session, store, stored, { metrics, first, onPairs })) gathering.add(rows)
  const sentAt = await store.sentTimesOf(stored.run.id, stored.run.dataset.records)
  return { measures: gathering.columns(), pairs, sentAt }
}

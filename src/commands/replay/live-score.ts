// Measures pairs as they come, while the replay runs: what is left for `score` is what a kill has cut off.

import type { Arm, AskedForm, Attempt, MeasureRow, Price } from '../../core/types.ts'
import { measurePair } from '../../score/measure.ts'
import type { Metric } from '../../score/metric.ts'
import { pairsOf } from '../../score/pairs.ts'

export interface LiveScore {
  readonly see: (attempts: readonly Attempt[]) => void
  /** The records of these places came to an end: those of which all calls were answered or given up are measured. */
  readonly end: (ordinals: readonly number[]) => void
  /** Whether something came that makes earlier measures wrong: all must be measured again. */
  readonly isStale: () => boolean
}

export interface LiveScoreOptions {
  /** But for those that read the record: they are measured once the replay has ended. */
  readonly metrics: readonly Metric[]
  readonly prices: Readonly<Record<Arm, Price | null>>
  readonly isOpenLoop: boolean
  /** Final attempts that the record of this place comes to; null where some came before, in a replay that was cut off. */
  readonly callsOf: (ordinal: number) => number | null
  /** What the record's request asks for. */
  readonly askedOf: (ordinal: number) => AskedForm | null
  readonly write: (rows: readonly MeasureRow[]) => void
}

export function createLiveScore({
  metrics: all,
  prices,
  isOpenLoop,
  callsOf,
  askedOf,
  write,
}: LiveScoreOptions): LiveScore {
  const metrics = all.filter(({ readsRecord }) => !readsRecord)
  const open = new Map<number, Attempt[]>()
  const reportsCache = { production: false, candidate: false }
  const measured = { any: false, isStale: false }
  return {
    see: (attempts) => {
      for (const attempt of attempts) {
        const own = open.get(attempt.ordinal)
        if (own) own.push(attempt)
        else open.set(attempt.ordinal, [attempt])
        if (reportsCache[attempt.arm] || cachedOf(attempt) === null) continue
        // From now on an answer that is silent about its cache is a miss; those before were taken for no report at all.
        reportsCache[attempt.arm] = true
        measured.isStale ||= measured.any
      }
    },
    end: (ordinals) => {
      for (const ordinal of ordinals) {
        const attempts = open.get(ordinal)
        open.delete(ordinal)
        const calls = callsOf(ordinal)
        if (!attempts || calls === null || callsAtTheirEnd(attempts) < calls) continue
        measured.any = true
        const context = { prices, reportsCache, asked: askedOf(ordinal), record: null, judged: null }
        for (const pair of pairsOf(attempts, { isOpenLoop })) write(measurePair(pair, metrics, context))
      }
    },
    isStale: () => measured.isStale,
  }
}

function cachedOf({ outcome }: Attempt): number | null {
  return outcome.kind === 'reply' ? (outcome.reply.usage?.cachedInput ?? null) : null
}

/** Calls of which the last try of the last round is there: what the breaker holds back is still to come, or never will. */
function callsAtTheirEnd(attempts: readonly Attempt[]): number {
  const lastRounds = new Map<number, number>()
  for (const { trial, round } of attempts) lastRounds.set(trial, Math.max(round, lastRounds.get(trial) ?? 0))
  const ended = attempts.filter(({ isFinal, trial, round }) => isFinal && round === lastRounds.get(trial))
  return new Set(ended.map(({ arm, trial }) => `${arm} ${trial}`)).size
}

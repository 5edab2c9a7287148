// The nouns of drift: whether production still answers as it did when the log was written.

import type { Effect, FindingOutcome } from './effect.ts'

/** What a run was asked about drift; a run without one was not asked. */
export interface DriftPolicy {
  /** By metric, on its scale: a difference below this is not worth an alarm. */
  readonly margins: Readonly<Record<string, number>>
  /** `investigate`: a drifted production holds a GO. `warn`: it is said, and decides nothing. */
  readonly severity: 'investigate' | 'warn'
}

/** One metric of the recorded answers against production's of this run. */
export interface DriftFinding {
  readonly metric: string
  readonly margin: number
  /**
   * `production` is the answer of the log, `candidate` production's answer of now. Of text similarity: how alike the two answers of
   * now are, and how alike they are to the log's. null where nothing could be measured.
   */
  readonly effect: Effect | null
  /** `pass`: shown to be within the margin. `fail`: shown to be beyond it. */
  readonly outcome: FindingOutcome
  /** p-value of "within the margin": small where drift is shown. 1 where nothing can be said. */
  readonly p: number
  readonly because: string
}

/** From the best to know to the worst. */
export type DriftOutcome = 'steady' | 'drifted' | 'unclear' | 'not-evaluable'

export interface Drift {
  /** `drifted` where one metric is shown to be beyond its margin, beside all the others that were looked at (Holm). */
  readonly outcome: DriftOutcome
  /** One sentence. */
  readonly because: string
  readonly findings: readonly DriftFinding[]
  /** Records of which the recorded answer was compared. */
  readonly records: number
  /** Records of the run in which the comparison would be unfair, by reason. */
  readonly leftOut: Readonly<Record<string, number>>
}

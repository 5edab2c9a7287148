// What a verdict is made of.

import type { Policy, Run } from '../../core/judgement.ts'
import type { MeasureColumn } from '../../core/types.ts'
import type { ScoredRecord } from '../../score/columns.ts'
import type { Metric } from '../../score/metric.ts'

export interface Judged {
  readonly run: Run
  readonly measures: readonly MeasureColumn[]
  /** In the order of the run: all that were planned. */
  readonly records: readonly ScoredRecord[]
  /** As `ScoreTable` has it. */
  readonly sentAt: Float64Array | null
  readonly policy: Policy
  /** The roster without it. */
  readonly metrics?: readonly Metric[]
}

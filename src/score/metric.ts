// What a metric is: how it measures one call or one pair, and the summaries that rules may be about.

import type { JudgedPair } from '../core/judged.ts'
import type { Unit } from '../core/judgement.ts'
import type {
  AbsenceReason,
  AnsweredCall,
  Arm,
  AskedForm,
  Comparison,
  Measure,
  Price,
  RequestRecord,
} from '../core/types.ts'

/** What measuring may use beside the answers themselves. */
export interface MeasureContext {
  readonly prices: Readonly<Record<Arm, Price | null>>
  /** Whether the arm's API reports cached tokens at all: some leave them out where there are none. */
  readonly reportsCache: Readonly<Record<Arm, boolean>>
  /** Of the record's request; null where no metric reads it. */
  readonly asked: AskedForm | null
  /** The record itself; null where no metric reads it. */
  readonly record: Pick<RequestRecord, 'segments' | 'recorded' | 'body'> | null
  /** What a judge said of the pair; null where none was asked. */
  readonly judged: JudgedPair | 'not-drawn' | null
}

interface MetricCommon {
  /** The file's name. */
  readonly name: string
  readonly title: string
  /** Raised whenever the same answers would give another measure. */
  readonly version: number
  readonly unit: Unit
  readonly better: 'higher' | 'lower'
  /** None where the metric is only looked at, and no rule is about it. */
  readonly summaries: readonly Summary[]
  /** In which it is measured, `candidate` always among them; in all that its kind is about where it does not say. */
  readonly comparisons?: readonly Comparison[]
  /** Whether it wants to know what was asked for: reading a request again has its price. */
  readonly readsRequest?: true
  /** Whether it reads the record, which a replay does not have at hand: it is measured once that has ended. */
  readonly readsRecord?: true
}

/** A metric of one answer, taken on both sides. */
export interface SideMetric extends MetricCommon {
  readonly on: 'side'
  readonly measure: (call: AnsweredCall, arm: Arm, context: MeasureContext) => Measure
}

/** A metric of two answers: of production's and the candidate's, and, as its noise floor, of production's two. */
export interface PairMetric extends MetricCommon {
  readonly on: 'pair'
  readonly measure: (left: AnsweredCall, right: AnsweredCall, context: MeasureContext) => Measure
}

/** A metric of each of two answers that applies only where the other, or the request, says so. */
export interface BothMetric extends MetricCommon {
  readonly on: 'both'
  readonly measure: (
    left: AnsweredCall,
    right: AnsweredCall,
    context: MeasureContext,
  ) => { readonly left: Measure; readonly right: Measure }
}

/** What is measured of answers: of one, of two that are compared, or of each of two. */
export type Metric = SideMetric | PairMetric | BothMetric

/** One number about a metric, with its statistical method: the word that a rule names. */
export interface Summary {
  readonly name: string
  readonly title: string
  readonly method: Method
  /** Fewer pairs than this give no verdict: limits of the method are finite from there on, and hold what they promise. */
  readonly minPairs: number
  /** Fewer independent units than this give none either: 10 unless the method needs more. */
  readonly minClusters?: number
}

export type Method =
  /** Ratio of quantiles, MOVER on order-statistic limits. */
  | { readonly kind: 'quantile-ratio'; readonly p: number }
  /** Ratio of means, Fieller. */
  | { readonly kind: 'mean-ratio' }
  /** Difference of paired shares, Newcombe's method 10. */
  | { readonly kind: 'share-difference' }
  /** Difference of weighted rates, jackknife over clusters. */
  | { readonly kind: 'rate-difference' }
  /**
   * Difference of the shares of pairs whose number another pair has as well, in the same arm, Newcombe's method 10. The numbers
   * tell answers apart and mean nothing else.
   */
  | { readonly kind: 'repeat-share' }
  /** How much rarer the arms agree than production with itself, Newcombe's method 10 (`plainExcess` of `stats/`). */
  | { readonly kind: 'excess-share' }
  /** How much less alike the arms are than production is to itself, paired t (`energyExcess` of `stats/`). */
  | { readonly kind: 'excess-mean' }
  /** Nothing to be measured offline. */
  | { readonly kind: 'users-only'; readonly why: string }

export function value(number: number, weight?: number): Measure {
  return weight === undefined ? { kind: 'value', value: number } : { kind: 'value', value: number, weight }
}

export function absent(why: AbsenceReason): Measure {
  return { kind: 'absent', why }
}

// The watch over a rollout: takes what was served, and says at any moment what it shows.

import { type CanaryMetric, type ComparisonOptions, compare } from '../../canary/comparison.ts'
import type { Feedback } from '../../canary/feedback.ts'
import { type Compared, createTally, type Measured, type Observation } from '../../canary/tally.ts'
import type { Evaluation } from '../../core/rollout.ts'
import type { ServedLine } from '../../core/served-line.ts'
import type { AbsenceReason, AnsweredCall, Arm, Instant, Measure, Price } from '../../core/types.ts'
import { decide } from '../../gate/decide.ts'
import type { Provider } from '../../providers/provider.ts'
import type { SideMetric } from '../../score/metric.ts'
import { sampleRatio } from '../../stats/sample-ratio.ts'
import type { Comparable } from './comparable.ts'
import { standingOf } from './standing.ts'

export interface WatchOptions {
  readonly comparable: Comparable
  readonly comparison: ComparisonOptions
  /** Segment whose mix is weighed out between the groups; null for none. */
  readonly stratify: string | null
  readonly prices: Readonly<Record<Arm, Price | null>>
  readonly reportsCache: Readonly<Record<Arm, boolean>>
}

/** What a comparison needs to know of a request that was served. */
export interface Witnessed {
  readonly line: Pick<
    ServedLine,
    'id' | 'arm' | 'group' | 'reason' | 'unseen' | 'shadow' | 'user' | 'segments' | 'request'
  >
  readonly provider: Provider
  /** What became of it; null where nobody can say. */
  readonly call: AnsweredCall | null
}

export interface Watch {
  readonly see: (witnessed: Witnessed) => void
  /** What a user thought of an answer. Gives whose it was; null, and nothing comes of it, where that is not known any more, or not compared. */
  readonly hear: (feedback: Feedback) => Compared | null
  readonly evaluate: (at: Instant) => Evaluation
}

export function createWatch({ comparable, comparison, stratify, prices, reportsCache }: WatchOptions): Watch {
  const { sides, metrics, policy } = comparable
  const tally = createTally(metrics)
  const opinions = { feedback: placeOf(metrics, 'feedback'), rate: placeOf(metrics, 'feedback-rate') }
  const answers = new Map<string, Answer>()
  return {
    see: ({ line, provider, call }) => {
      const group = groupOf(line)
      if (group === null || line.user === null || call === null) return
      const context = { prices, reportsCache, asked: provider.asked(line.request), record: null, judged: null }
      const arm: Arm = group === 'candidate' ? 'candidate' : 'production'
      const measures = sides.map((side: SideMetric) => measuredOf(side.measure(call, arm, context)))
      const hasOpinions = opinions.feedback >= 0
      const unrated: (Measured | AbsenceReason)[] = hasOpinions ? ['not-asked', { value: 0, weight: 1 }] : []
      const of = { group, user: line.user, stratum: stratify === null ? '' : (line.segments[stratify] ?? '') }
      tally.add({ ...of, measures: [...measures, ...unrated] })
      if (hasOpinions) remember(answers, line.id, of)
    },
    hear: ({ id, score }) => {
      const of = answers.get(id)
      if (of === undefined) return null
      answers.delete(id)
      tally.amend(of, { metric: opinions.feedback, measured: { value: score, weight: 1 }, isFirst: true })
      tally.amend(of, { metric: opinions.rate, measured: { value: 1, weight: 0 }, isFirst: false })
      return of.group
    },
    evaluate: (at) => evaluationOf(at, metrics),
  }

  function evaluationOf(at: Instant, of: readonly CanaryMetric[]): Evaluation {
    const { requests, users } = tally
    const counted = { at, requests: { ...requests }, users: { ...users }, findings: [] }
    const mismatch = mismatchOf(users)
    if (mismatch !== null) return { ...counted, decision: 'INVALID', because: mismatch }
    if (Math.min(users.candidate, users.control) < comparison.minUsers) {
      const because = `${users.candidate} and ${users.control} users can't tell; it takes at least ${comparison.minUsers} in each group.`
      return { ...counted, decision: 'INCONCLUSIVE', because }
    }
    const evidence = compare(tally, of, comparison)
    const facts = { pairs: requests.candidate, planned: 0, excluded: {} }
    const { decision, because, findings } = decide(evidence, policy, facts)
    return {
      ...counted,
      decision,
      because,
      findings: findings.map((finding) => finding.because),
      rules: findings.map(standingOf),
    }
  }
}

type Answer = Pick<Observation, 'group' | 'user' | 'stratum'>

/** So many answers can still be rated: the oldest are forgotten. */
const mostRatable = 200_000

function remember(answers: Map<string, Answer>, id: string, of: Answer): void {
  answers.set(id, of)
  const [oldest] = answers.size > mostRatable ? answers.keys() : []
  if (oldest !== undefined) answers.delete(oldest)
}

function placeOf(metrics: readonly CanaryMetric[], wanted: string): number {
  return metrics.findIndex(({ name }) => name === wanted)
}

/** A candidate's failed try counts for it, and what production then answered for nobody. In shadow both answers of a request count. */
function groupOf({ group, reason, arm, unseen, shadow }: Witnessed['line']): Compared | null {
  if (reason !== 'user') return null
  if (shadow) return arm === 'candidate' ? 'candidate' : 'control'
  if (group === 'candidate') return arm === 'candidate' ? 'candidate' : null
  return group === 'control' && !unseen ? 'control' : null
}

function measuredOf(measure: Measure): Measured | AbsenceReason {
  return measure.kind === 'value' ? { value: measure.value, weight: measure.weight ?? 1 } : measure.why
}

/** Both groups have as many buckets; with other numbers of users, something lost some. */
function mismatchOf({ candidate, control }: Readonly<Record<Compared, number>>): string | null {
  if (candidate + control === 0) return null
  const { isMismatch, p } = sampleRatio({ counts: [candidate, control], shares: [1, 1] })
  if (!isMismatch) return null
  return `${candidate} users of the candidate and ${control} of the control are no even split (p ${p.toExponential(0)}): users are lost or counted twice somewhere.`
}

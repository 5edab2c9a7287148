// The watch over a rollout: takes what was served, and says at any moment what it shows.

import { type CanaryMetric, type ComparisonOptions, compare } from '../../../canary/comparing/comparison.ts'
import { type Compared, createTally, type Measured, type Observation } from '../../../canary/comparing/tally.ts'
import type { Feedback } from '../../../canary/proxy/feedback.ts'
import type { Evaluation } from '../../../core/rollout.ts'
import type { ServedLine } from '../../../core/served-line.ts'
import type { AbsenceReason, AnsweredCall, Arm, Instant, Measure, Price } from '../../../core/types.ts'
import { decide } from '../../../gate/decide.ts'
import type { Provider } from '../../../providers/provider.ts'
import type { SideMetric } from '../../../score/metric.ts'
import { alwaysValidEvenSplit } from '../../../stats/always-valid-ratio.ts'
import { needsOf } from '../status/needs.ts'
import { isSkewed, withSkew } from '../status/shared-cache.ts'
import { standingOf } from '../status/standing.ts'
import type { Comparable } from './comparable.ts'

export interface WatchOptions {
  readonly comparable: Comparable
  readonly comparison: ComparisonOptions
  /** Segment whose mix is weighed out between the groups; null for none. */
  readonly stratify: string | null
  readonly prices: Readonly<Record<Arm, Price | null>>
  readonly reportsCache: Readonly<Record<Arm, boolean>>
  /** Whether the control's prompts are cached as coldly as the candidate's, apart from the rest of production's. */
  readonly isCacheMatched: boolean
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

export function createWatch(options: WatchOptions): Watch {
  const { comparable, comparison, stratify, prices, reportsCache, isCacheMatched } = options
  const { sides, metrics, policy } = comparable
  const tally = createTally(metrics)
  const opinions = { feedback: placeOf(metrics, 'feedback'), rate: placeOf(metrics, 'feedback-rate') }
  const answers = new Map<string, Answer>()
  let keyless = 0
  return {
    see: ({ line, provider, call }) => {
      const group = groupOf(line)
      if (line.reason === 'request') keyless++
      if (group === null || line.user === null || call === null) return
      const context = { prices, reportsCache, asked: provider.asked(line.request), record: null, judged: null }
      const arm: Arm = group === 'candidate' ? 'candidate' : 'production'
      const measures = sides.map((side: SideMetric) => measuredOf(side.measure(call, arm, context)))
      const hasOpinions = opinions.feedback >= 0
      const isRatable = !line.unseen
      const silence: Measured | AbsenceReason = isRatable ? { value: 0, weight: 1 } : 'not-asked'
      const unrated: (Measured | AbsenceReason)[] = hasOpinions ? ['not-asked', silence] : []
      const of = { group, user: line.user, stratum: stratify === null ? '' : (line.segments[stratify] ?? '') }
      tally.add({ ...of, measures: [...measures, ...unrated] })
      // A vote is for the answer that the user saw, and has the id of the copy, or of the try that production mended, too.
      if (hasOpinions && isRatable) remember(answers, line.id, of)
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
    const mismatch = mismatchOf(users, comparison)
    if (mismatch !== null) return { ...counted, decision: 'INVALID', because: mismatch }
    if (Math.min(users.candidate, users.control) < comparison.minUsers) {
      const few = `${users.candidate} and ${users.control} users can't tell; it takes at least ${comparison.minUsers} in each group.`
      const because = keyless > 0 ? `${few} ${keylessWords(keyless)}` : few
      return { ...counted, decision: 'INCONCLUSIVE', because }
    }
    const evidence = compare(tally, of, comparison)
    const facts = { pairs: requests.candidate, planned: 0, excluded: {} }
    const { decision, because, findings, held, flags } = decide(evidence, policy, facts)
    const needs = needsOf({
      findings,
      evidence,
      policy,
      comparison,
      requests: requests.candidate,
      users: users.candidate,
    })
    const skewed = isCacheMatched ? [] : findings.filter((finding) => isSkewed(finding, evidence))
    const sentences = findings.map((finding) =>
      skewed.includes(finding) ? withSkew(finding.because) : finding.because,
    )
    const told = { ...counted, findings: sentences, rules: findings.map(standingOf), needs }
    const hasSkew = skewed.some(({ outcome }) => outcome === 'fail')
    const why = held ? `${because} But a person is to look first: ${flags.join(' ')}` : because
    return { ...told, decision: held ? 'INCONCLUSIVE' : decision, because: hasSkew ? withSkew(why) : why }
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
  if (measure.kind === 'value') return { value: measure.value, weight: measure.weight ?? 1 }
  // Whether an answer is streamed is the client's to ask, and no fault of an arm.
  return measure.why === 'not-streamed' ? 'not-asked' : measure.why
}

function keylessWords(requests: number): string {
  const [many, they] =
    requests === 1 ? ['1 request', 'it counts'] : [`${requests.toLocaleString('en-US')} requests`, 'they count']
  return `${many} came without a user's key (canary.key): ${they} for nobody.`
}

/** So improbable a split of users is none by chance, at whichever of all evaluations it is met (Fabijan et al. 2019). */
const improbable = 0.001

/** Both groups have as many buckets; with other numbers of users, something lost some. */
function mismatchOf(
  { candidate, control }: Readonly<Record<Compared, number>>,
  { expectedUsers }: ComparisonOptions,
): string | null {
  const p = alwaysValidEvenSplit({ counts: [candidate, control], nOptimal: 2 * expectedUsers })
  if (p >= improbable) return null
  return `${candidate} users of the candidate and ${control} of the control are no even split (p ${p.toExponential(0)}): users are lost or counted twice somewhere.`
}

// A simulated rollout: users of very different activity, each with a speed of their own, served over the default ramp.

import { compare } from '../../src/canary/comparing/comparison.ts'
import { type Compared, createTally, type Tally } from '../../src/canary/comparing/tally.ts'
import { bucketOf } from '../../src/canary/dealing/bucket.ts'
import { armOf, groupOf, splitAt } from '../../src/canary/dealing/split.ts'
import { type Comparable, comparableOf } from '../../src/commands/canary/clerk/comparable.ts'
import type { Decision, Verdict } from '../../src/core/judgement.ts'
import { decide } from '../../src/gate/decide.ts'
import { rolloutPolicy } from '../../src/gate/policy.ts'
import { metrics as roster } from '../../src/score/metrics/index.ts'
import { alwaysValidEvenSplit } from '../../src/stats/always-valid-ratio.ts'
import { answerOf, type Behaviour, healthy, simulatedMetrics } from './answers.ts'
import { type Chance, pareto } from './chance.ts'

export interface Ramp {
  readonly users: number
  /** Requests of everybody between two evaluations. */
  readonly perLook: number
  /** Evaluations that a stage has at least, and all stages together at most. */
  readonly minLooks: number
  readonly maxLooks: number
  /** `verdict`: a stage ends with a GO. `plan`: after `minLooks`, whatever is shown, so that every ramp goes through all of them. */
  readonly advances: 'verdict' | 'plan'
  /** Lognormal (the busiest one in a hundred send a sixth of the requests), or Pareto of shape 1.2 (half of them). */
  readonly activity: 'lognormal' | 'pareto'
  /** Share of answers that are rated; 0: the gate asks nothing of feedback. */
  readonly rated: number
}

export interface RampEnd {
  readonly isRolledBack: boolean
  /** A rule to investigate by failed, so that the ramp waits for a person. */
  readonly isFlagged: boolean
  /** The split was taken for a broken one. */
  readonly isMismatched: boolean
  /** A GO at the last stage that has a control. */
  readonly isThrough: boolean
  /** The candidate's requests until the first of these, its users, and their share of everybody who asked by then. */
  readonly requests: number
  readonly users: number
  readonly share: number
}

const shares = [0.05, 0.1, 0.25, 0.5]
const leastUsers = 50
const expectedUsers = 1000

const without = (metric: string) => rolloutPolicy.rules.filter((rule) => rule.metric !== metric)
const asked = roster.filter(({ name }) => simulatedMetrics.has(name))
const plain = comparableOf(asked, { ...rolloutPolicy, rules: without('feedback') })
const withFeedback = comparableOf(asked, rolloutPolicy)

/** Ends with the first NO-GO, at the end of the ramp, or, where verdicts move it, with the first failed rule to investigate by. */
export function rampOf(chance: Chance, candidate: Behaviour, ramp: Ramp): RampEnd {
  const comparable = ramp.rated > 0 ? withFeedback : plain
  const tally = createTally(comparable.metrics)
  const people = peopleOf(chance, ramp)
  const seen = { everybody: new Set<number>(), candidate: new Set<number>() }
  let [looks, requests] = [0, 0]
  let [isMismatched, isFlagged] = [false, false]
  const end = (parts: Partial<RampEnd>): RampEnd => ({
    isRolledBack: false,
    isFlagged,
    isThrough: false,
    isMismatched,
    requests,
    users: seen.candidate.size,
    share: seen.candidate.size / Math.max(1, seen.everybody.size),
    ...parts,
  })
  for (const [stage, share] of shares.entries()) {
    const pick = pickerOf(chance, people)
    const split = splitAt(share)
    for (let look = 1; looks < ramp.maxLooks; look++) {
      looks++
      for (let request = 0; request < ramp.perLook; request++) {
        const user = pick()
        seen.everybody.add(user)
        const group = groupOf(people.buckets[user] ?? 0, split)
        if (armOf(group) === 'candidate') {
          requests++
          seen.candidate.add(user)
        }
        if (group === 'candidate' || group === 'control') {
          const behaviour = group === 'candidate' ? candidate : healthy
          tally.add(observed(chance, { people, user, group, behaviour, comparable, rated: ramp.rated }))
        }
      }
      const { decision, findings } = verdictOf(tally, comparable)
      isMismatched ||= decision === 'INVALID'
      if (decision === 'NO-GO') return end({ isRolledBack: true })
      isFlagged ||= findings.some(({ rule, outcome }) => rule.severity === 'investigate' && outcome === 'fail')
      if (isFlagged && ramp.advances === 'verdict') return end({})
      const mayAdvance = ramp.advances === 'plan' || decision === 'GO'
      if (look < ramp.minLooks || !mayAdvance) continue
      if (stage === shares.length - 1) return end({ isThrough: decision === 'GO' })
      break
    }
  }
  return end({})
}

const nothing: Pick<Verdict, 'findings'> & { decision: Decision } = { decision: 'INCONCLUSIVE', findings: [] }

/** As the router's watch does it. */
function verdictOf(tally: Tally, { metrics, policy }: Comparable): typeof nothing {
  const { candidate, control } = tally.users
  if (alwaysValidEvenSplit({ counts: [candidate, control], nOptimal: 2 * expectedUsers }) < 0.001)
    return { ...nothing, decision: 'INVALID' }
  if (Math.min(candidate, control) < leastUsers) return nothing
  const evidence = compare(tally, metrics, { level: policy.level, expectedUsers, minUsers: leastUsers })
  const verdict = decide(evidence, policy, { pairs: tally.requests.candidate, planned: 0, excluded: {} })
  return verdict.held ? { ...verdict, decision: 'INCONCLUSIVE' } : verdict
}

interface People {
  readonly names: readonly string[]
  readonly buckets: Int32Array
  readonly speeds: Float64Array
  /** One in fifty meets most of the errors. */
  readonly unlucky: Uint8Array
  /** Σ of activities up to the user's own. */
  readonly upTo: Float64Array
}

function peopleOf(chance: Chance, { users, activity }: Ramp): People {
  const salt = String(chance.below(1e9))
  const names = Array.from({ length: users }, (_, n) => `user ${n}`)
  let sum = 0
  const upTo = new Float64Array(users)
  for (let n = 0; n < users; n++) {
    sum += activity === 'pareto' ? pareto(chance, 1.2) : Math.exp(chance.normal())
    upTo[n] = sum
  }
  return {
    names,
    upTo,
    buckets: Int32Array.from(names, (name) => bucketOf(name, salt)),
    speeds: Float64Array.from(names, () => 0.4 * chance.normal()),
    unlucky: Uint8Array.from(names, () => Number(chance.happens(0.02))),
  }
}

/** Places of users, as often as they are active. */
function pickerOf(chance: Chance, { upTo }: People): () => number {
  const whole = upTo.at(-1) ?? 0
  return () => {
    const wanted = chance.unit() * whole
    let [low, high] = [0, upTo.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((upTo[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}

interface Asked {
  readonly people: People
  readonly user: number
  readonly group: Compared
  readonly behaviour: Behaviour
  readonly comparable: Comparable
  readonly rated: number
}

function observed(chance: Chance, { people, user, group, behaviour, comparable, rated }: Asked) {
  const who = { speed: people.speeds[user] ?? 0, isUnlucky: people.unlucky[user] === 1 }
  const answer = answerOf(chance, who, behaviour, rated)
  return {
    group,
    user: people.names[user] ?? '',
    stratum: '',
    measures: comparable.metrics.map(({ name }) => answer[name] ?? 'not-asked'),
  }
}

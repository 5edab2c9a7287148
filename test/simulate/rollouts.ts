// A simulated rollout: users of a heavy-tailed activity, each with a speed of their own, served over the default ramp.

import { bucketOf } from '../../src/canary/bucket.ts'
import { compare } from '../../src/canary/comparison.ts'
import { groupOf, splitAt } from '../../src/canary/split.ts'
import { createTally, type Measured } from '../../src/canary/tally.ts'
import { comparableOf } from '../../src/commands/canary/comparable.ts'
import type { AbsenceReason } from '../../src/core/types.ts'
import { decide } from '../../src/gate/decide.ts'
import { rolloutPolicy } from '../../src/gate/policy.ts'
import { metrics as roster } from '../../src/score/metrics/index.ts'
import type { Chance } from './chance.ts'

/** How an arm answers. */
export interface Behaviour {
  /** Of latency. */
  readonly slower: number
  /** Of the six in a hundred answers that take four times as long. */
  readonly tail: number
  /** Shares of requests. */
  readonly errors: number
  readonly refusals: number
  readonly cached: number
  /** Of output tokens. */
  readonly tokens: number
}

export const healthy: Behaviour = { slower: 1, tail: 1, errors: 0.005, refusals: 0.01, cached: 0.4, tokens: 1 }

export interface Ramp {
  readonly users: number
  /** Requests of everybody in each stage. */
  readonly perStage: number
  /** Evaluations in each stage. */
  readonly looks: number
}

export interface RampEnd {
  readonly isRolledBack: boolean
  /** The candidate's requests until then, and users who met it. */
  readonly requests: number
  readonly users: number
  /** Whether a GO was given before the ramp had everybody. */
  readonly isPassed: boolean
}

const shares = [0.05, 0.1, 0.25, 0.5]
const names: ReadonlySet<string> = new Set(['answered', 'latency', 'cache-hit-rate', 'refused', 'output-tokens'])
/** A refusal is looked into offline; with users before it, it blocks. */
const policy = {
  ...rolloutPolicy,
  rules: rolloutPolicy.rules.map((rule) =>
    rule.metric === 'refused' ? { ...rule, severity: 'block' as const } : rule,
  ),
}
const comparable = comparableOf(
  roster.filter(({ name }) => names.has(name)),
  policy,
)

interface User {
  readonly name: string
  readonly bucket: number
  readonly speed: number
  /** One in fifty meets most of the errors. */
  readonly isUnlucky: boolean
  /** Σ of activities up to this user's own. */
  readonly upTo: number
}

/** Rolled back by the first NO-GO, at whichever look. A GO does not end it: the ramp is looked at to its end. */
export function rampOf(chance: Chance, candidate: Behaviour, { users, perStage, looks }: Ramp): RampEnd {
  const tally = createTally(comparable.metrics)
  const people = peopleOf(chance, users)
  const met = new Set<string>()
  let requests = 0
  let isPassed = false
  for (const share of shares) {
    const split = splitAt(share)
    for (let look = 0; look < looks; look++) {
      for (let request = 0; request < perStage / looks; request++) {
        const user = someone(chance, people)
        const group = groupOf(user.bucket, split)
        if (group === 'rest') continue
        if (group === 'candidate') {
          requests++
          met.add(user.name)
        }
        const measures = answerOf(chance, user, group === 'candidate' ? candidate : healthy)
        tally.add({ group, user: user.name, stratum: '', measures })
      }
      const decision = decisionOf(tally)
      isPassed ||= decision === 'GO'
      if (decision === 'NO-GO') return { isRolledBack: true, requests, users: met.size, isPassed }
    }
  }
  return { isRolledBack: false, requests, users: met.size, isPassed }
}

function decisionOf(tally: ReturnType<typeof createTally>): string {
  const least = 50
  if (Math.min(tally.users.candidate, tally.users.control) < least) return 'INCONCLUSIVE'
  const evidence = compare(tally, comparable.metrics, { level: policy.level, expectedUsers: 1000, minUsers: least })
  return decide(evidence, comparable.policy, { pairs: tally.requests.candidate, planned: 0, excluded: {} }).decision
}

function peopleOf(chance: Chance, count: number): User[] {
  const salt = String(chance.below(1e9))
  let upTo = 0
  return Array.from({ length: count }, (_, n) => {
    upTo += Math.exp(chance.normal())
    const name = `user ${n}`
    return { name, bucket: bucketOf(name, salt), speed: 0.4 * chance.normal(), isUnlucky: chance.happens(0.02), upTo }
  })
}

function someone(chance: Chance, people: readonly User[]): User {
  const [first] = people
  const last = people.at(-1)
  if (first === undefined || last === undefined) throw new Error('a ramp needs users')
  const wanted = chance.unit() * last.upTo
  let [low, high] = [0, people.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((people[middle]?.upTo ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return people[low] ?? first
}

/** In the order of the comparable metrics. */
function answerOf(chance: Chance, { speed, isUnlucky }: User, behaviour: Behaviour): (Measured | AbsenceReason)[] {
  const { slower, tail, errors, refusals, cached, tokens } = behaviour
  // On average the share that is asked for.
  const hasFailed = chance.happens(isUnlucky ? Math.min(1, 20 * errors) : (0.6 / 0.98) * errors)
  const slow = chance.happens(0.06) ? 4 * tail : 1
  const latency = 800 * slower * slow * Math.exp(speed + 0.6 * chance.normal())
  const input = 1000 + 500 * chance.unit()
  const values: Readonly<Record<string, Measured>> = {
    answered: { value: hasFailed ? 0 : 1, weight: 1 },
    latency: { value: hasFailed ? Infinity : latency, weight: 1 },
    'cache-hit-rate': { value: chance.happens(cached) ? 0.9 * input : 0, weight: input },
    refused: { value: chance.happens(refusals) ? 1 : 0, weight: 1 },
    'output-tokens': { value: 300 * tokens * Math.exp(0.8 * chance.normal()), weight: 1 },
  }
  const isKept = (name: string) => !hasFailed || name === 'answered' || name === 'latency'
  return comparable.metrics.map(({ name }) => (isKept(name) ? (values[name] ?? 'no-reply') : 'no-reply'))
}

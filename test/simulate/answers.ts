// What one request of a simulated rollout shows, by how its arm answers.

import type { Measured } from '../../src/canary/comparing/tally.ts'
import type { AbsenceReason } from '../../src/core/types.ts'
import type { Chance } from './chance.ts'

/** How an arm answers. */
export interface Behaviour {
  /** Of all latencies, and of the fifteen in a hundred answers that take three times as long. */
  readonly slower: number
  readonly tail: number
  /** Of time to first token. */
  readonly ttft: number
  /** Shares of requests. */
  readonly errors: number
  readonly refusals: number
  readonly cached: number
  /** Of output tokens. */
  readonly tokens: number
  /** Share of those who rate at all that like it. */
  readonly liked: number
}

export const healthy: Behaviour = {
  slower: 1,
  tail: 1,
  ttft: 1,
  errors: 0.005,
  refusals: 0.01,
  cached: 0.4,
  tokens: 1,
  liked: 0.8,
}

export const simulatedMetrics: ReadonlySet<string> = new Set([
  'answered',
  'latency',
  'ttft',
  'cache-hit-rate',
  'refused',
  'output-tokens',
])

const one = (value: number): Measured => ({ value, weight: 1 })

/** By the name of the metric. */
export function answerOf(
  chance: Chance,
  { speed, isUnlucky }: { readonly speed: number; readonly isUnlucky: boolean },
  { slower, tail, ttft, errors, refusals, cached, tokens, liked }: Behaviour,
  rated: number,
): Readonly<Record<string, Measured | AbsenceReason>> {
  // On average the share that is asked for.
  const hasFailed = chance.happens(isUnlucky ? Math.min(1, 20 * errors) : (0.6 / 0.98) * errors)
  const slow = chance.happens(0.15) ? 3 * tail : 1
  const ownPace = Math.exp(speed + 0.5 * chance.normal())
  const input = 1000 + 500 * chance.unit()
  const length = Math.exp(0.8 * chance.normal())
  const isRated = chance.happens(rated)
  const told = (measured: Measured) => (hasFailed ? 'no-reply' : measured)
  return {
    answered: one(hasFailed ? 0 : 1),
    latency: one(hasFailed ? Infinity : 800 * slower * slow * ownPace),
    ttft: one(hasFailed ? Infinity : 200 * ttft * slower * ownPace * Math.exp(0.3 * chance.normal())),
    'cache-hit-rate': told({ value: chance.happens(cached) ? 0.9 * input : 0, weight: input }),
    refused: told(one(chance.happens(refusals) ? 1 : 0)),
    'output-tokens': told(one(300 * tokens * length)),
    feedback: isRated && !hasFailed ? one(chance.happens(liked) ? 1 : 0) : 'not-asked',
    'feedback-rate': one(isRated && !hasFailed ? 1 : 0),
  }
}

// What a replay will send, take and cost, before anything is sent.

import type { Arm, Price, Target } from '../core/types.ts'

/** What the log tells of the requests, as far as it does. */
export interface Known {
  readonly records: number
  /** Means for a request. `isRecorded`: from what the provider counted then, else a guess from the body's length. */
  readonly inputTokens: { readonly mean: number; readonly isRecorded: boolean }
  /** null where the log does not tell: nobody knows how long an answer will be. */
  readonly outputTokens: number | null
  /** Mean time of a recorded answer; null where the log does not tell. */
  readonly latencyMs: number | null
  /** From the first request to the last; null where the log has no times. */
  readonly spanMs: number | null
}

export interface ForecastOptions {
  readonly targets: Readonly<Record<Arm, Target>>
  /** Share of the records that are asked twice. */
  readonly noise: number
  /** Requests to each arm before the first that counts. */
  readonly warmUp: number
  readonly pace: 'closed' | 'open'
  readonly timeScale: number
  readonly lane: 'live' | 'batch'
  readonly keepFree: number
}

export interface Forecast {
  readonly pairs: number
  readonly arms: Readonly<Record<Arm, ArmForecast>>
  /** US dollars; null where no target has a price or nobody knows how long answers are. */
  readonly costUsd: number | null
  /** null where nobody can know. */
  readonly seconds: number | null
  /** What the time hangs on. */
  readonly bound: 'concurrency' | 'requests-per-minute' | 'tokens-per-minute' | 'arrivals' | 'batch' | null
}

export interface ArmForecast {
  readonly requests: number
  readonly inputTokens: number
  readonly outputTokens: number | null
  readonly costUsd: number | null
}

/** A batch API costs half of what single requests do (OpenAI and Anthropic, "Batch"). */
const batchDiscount = 0.5

/** What a target costs that is asked in batches. */
export function inBatches(target: Target): Target {
  const price = target.pricePerMillion
  if (price === null) return target
  const discounted = Object.entries(price).map(([side, usd]) => [side, usd === undefined ? usd : usd * batchDiscount])
  return { ...target, pricePerMillion: { ...price, ...Object.fromEntries(discounted) } }
}

export function forecast(known: Known, options: ForecastOptions): Forecast {
  const requests = Math.round(known.records * (1 + options.noise)) + (options.lane === 'live' ? options.warmUp : 0)
  const armOf = (arm: Arm): ArmForecast => {
    const inputTokens = Math.round(requests * known.inputTokens.mean)
    const outputTokens = known.outputTokens === null ? null : Math.round(requests * known.outputTokens)
    return { requests, inputTokens, outputTokens, costUsd: costOf(options.targets[arm].pricePerMillion) }
    function costOf(price: Price | null): number | null {
      if (price === null || outputTokens === null) return null
      const full = (inputTokens * price.input + outputTokens * price.output) / 1e6
      return options.lane === 'batch' ? full * batchDiscount : full
    }
  }
  const arms = { production: armOf('production'), candidate: armOf('candidate') }
  const costs = [arms.production.costUsd, arms.candidate.costUsd].filter((cost) => cost !== null)
  return {
    pairs: known.records,
    arms,
    costUsd: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
    ...timeOf(known, arms, options),
  }
}

function timeOf(
  known: Known,
  arms: Forecast['arms'],
  options: ForecastOptions,
): { seconds: number | null; bound: Forecast['bound'] } {
  if (options.lane === 'batch') return { seconds: null, bound: 'batch' }
  if (options.pace === 'open') {
    return { seconds: known.spanMs === null ? null : known.spanMs / options.timeScale / 1000, bound: 'arrivals' }
  }
  const waits = (['production', 'candidate'] as const).flatMap((arm) => {
    const { limits, concurrency } = options.targets[arm]
    const { requests, inputTokens, outputTokens } = arms[arm]
    const share = 1 - options.keepFree
    return [
      {
        bound: 'concurrency' as const,
        seconds: known.latencyMs === null ? null : (requests * known.latencyMs) / concurrency / 1000,
      },
      {
        bound: 'requests-per-minute' as const,
        seconds: limits.requestsPerMinute === null ? 0 : (requests / (limits.requestsPerMinute * share)) * 60,
      },
      {
        bound: 'tokens-per-minute' as const,
        seconds:
          limits.tokensPerMinute === null
            ? 0
            : ((inputTokens + (outputTokens ?? 0)) / (limits.tokensPerMinute * share)) * 60,
      },
    ]
  })
  const longest = waits.toSorted((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0))[0]
  // Without recorded latencies the limits still say the least that it can take, but not how long it will.
  if (!longest || (known.latencyMs === null && (longest.seconds ?? 0) === 0)) return { seconds: null, bound: null }
  return { seconds: longest.seconds, bound: longest.bound }
}

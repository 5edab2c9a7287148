// How requests are sent, and when to stop: the settings.

import { z } from 'zod'
import { about, share } from './about.ts'

export const replay = z.strictObject({
  order: z
    .enum(['interleaved'])
    .default('interleaved')
    .meta(about('Both arms back to back, in random order for each record')),
  stream: z
    .enum(['asCaptured', 'always', 'never'])
    .default('asCaptured')
    .meta(about('Whether answers are streamed', 'word')),
  noise: share.default(0.2).meta(about('Share of records that both arms answer twice: the noise floor', 'share')),
  pace: z
    .enum(['closed', 'open'])
    .default('closed')
    .meta(
      about('closed: the next request when one has ended; open: when the log says, latency counted from then', 'word'),
    ),
  timeScale: z.number().positive().default(1).meta(about('In open loop: how many times faster than the log', 'factor')),
  lane: z
    .enum(['live', 'batch'])
    .default('live')
    .meta(about("batch: through the provider's batch API, at half the price and without latencies", 'word')),
  batchPollSeconds: z
    .number()
    .min(0.05)
    .max(3600)
    .default(60)
    .meta(about('In the batch lane: between two looks at what the provider has', 's')),
  adaptive: z
    .boolean()
    .default(true)
    .meta(about('Whether concurrency starts low, is cut at a 429 and grows again; false: all of it at once', 'bool')),
  keepFree: z
    .number()
    .min(0)
    .lt(1)
    .default(0.2)
    .meta(about("Share of the targets' rate limits left to production, which uses the same key", 'share')),
  salt: z
    .boolean()
    .default(true)
    .meta(
      about(
        "Whether a line at the start of each system prompt keeps arms and trials out of each other's cache",
        'bool',
      ),
    ),
  warmUp: z
    .int()
    .min(0)
    .max(1000)
    .default(4)
    .meta(about('Requests to each arm, before the first that counts, whose answers are thrown away', 'n')),
  rounds: z
    .int()
    .min(0)
    .max(100)
    .default(6)
    .meta(about('How often a pair is asked again, both arms, after a 429', 'n')),
  maxCost: z
    .number()
    .positive()
    .optional()
    .meta(
      about(
        'Stop cleanly before the replay has cost more, and judge what was sent; batches keep it by the forecast',
        'usd',
        '--max-cost',
      ),
    ),
  maxMinutes: z
    .number()
    .positive()
    .max(20_160)
    .optional()
    .meta(
      about(
        'So long after the command began the replay sends nothing more, and what was sent is judged',
        'minutes',
        '--max-minutes',
      ),
    ),
  confirmAbove: z
    .number()
    .min(0)
    .default(20)
    .meta(
      about('A replay planned to cost more is asked about on a terminal, and refused elsewhere without --yes', 'usd'),
    ),
  resumeForHours: z
    .number()
    .min(0)
    .default(30)
    .meta(
      about(
        'A run that was begun longer ago than this is closed and not gone on with; at least 72 in the batch lane',
        'hours',
      ),
    ),
  maxWaitMs: z.int().positive().default(60_000).meta(about('A longer Retry-After than this ends a call', 'ms')),
})

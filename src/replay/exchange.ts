// One HTTP exchange: an answer as it unfolds, and what it tells of when to come again.

import type { Outcome, TimeoutPhase } from '../core/types.ts'
import { AnswerFolder } from '../providers/answer-folder.ts'
import { type Quota, quotasIn } from './headroom.ts'
import { type RetryAdvice, readAdvice } from './retry.ts'

/** What a finished exchange leaves behind. */
export interface Exchange {
  readonly sentAtMs: number
  readonly timing: { readonly headersMs: number | null; readonly firstTokenMs: number | null; readonly totalMs: number }
  readonly outcome: Outcome
  readonly httpStatus: number | null
  readonly advice: RetryAdvice
  /** What the target told of its limits. */
  readonly quotas: readonly Quota[]
  readonly sawBytes: boolean
}

/** Takes the parts of one response in order; the caller owns connection and clock. */
export class ResponseFolder extends AnswerFolder {
  /** The exchange is over, in whichever way. */
  finish(outcome: Outcome, at: { readonly sentAtMs: number; readonly totalMs: number }): Exchange {
    const { headers, headersMs, firstTokenMs, status, retryAfterMs, sawBytes } = this
    const endedMs = at.sentAtMs + at.totalMs
    const quotas = quotasIn(headers, endedMs)
    const told = readAdvice(headers, endedMs, status === 429 ? quotas : [])
    return {
      sentAtMs: at.sentAtMs,
      timing: { headersMs, firstTokenMs, totalMs: at.totalMs },
      outcome,
      httpStatus: status,
      advice: { ...told, afterMs: told.afterMs ?? retryAfterMs },
      quotas,
      sawBytes,
    }
  }
}

/** Why an exchange was broken off by us. */
export class Deadline extends Error {
  readonly phase: TimeoutPhase

  constructor(phase: TimeoutPhase) {
    super(`timeout: ${phase}`)
    this.phase = phase
  }
}

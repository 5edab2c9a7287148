// Lines of the router's log: what a user asked and what came of it, and what users thought of it. The router writes them, `ingest` reads them.

import type { Group } from './rollout.ts'
import type { Arm, Instant, JsonObject, Outcome, Timing } from './types.ts'

export const servedSchemaId = 'shadowgate.served/1'

export interface ServedLine {
  readonly schema: typeof servedSchemaId
  /** The response's `x-shadowgate-id`. */
  readonly id: string
  readonly at: Instant
  readonly api: string
  /** As the user asked it, without credentials and personal data. */
  readonly request: JsonObject
  /** Credentials that were taken out of it, where there were any: it is not what was asked. */
  readonly keysTaken?: number
  readonly arm: Arm
  /** A short hash of the target's settings: tells two candidates apart that were served one after the other. Lines of old have none. */
  readonly settings?: string
  readonly group: Group
  readonly reason: 'user' | 'request' | 'override'
  /** A copy, or a try that production mended: nobody was answered with it. */
  readonly unseen: boolean
  /** The fault by which a drill spoilt the answer: it is no evidence, and nothing to replay. */
  readonly drill?: string
  /** Of shadow mode, in which both arms are asked the same: production's answer and the copy's have a line each. */
  readonly shadow: boolean
  /** A pseudonym. */
  readonly user: string | null
  readonly segments: Readonly<Record<string, string>>
  readonly status: number | null
  readonly timing: Timing
  /** Cleaned like the request. */
  readonly outcome: Outcome
}

export const opinionSchemaId = 'shadowgate.opinion/1'

/** What a user thought of an answer. */
export interface OpinionLine {
  readonly schema: typeof opinionSchemaId
  /** Of the answer. */
  readonly id: string
  readonly at: Instant
  /** 0 is bad and 1 is good. */
  readonly score: number
}

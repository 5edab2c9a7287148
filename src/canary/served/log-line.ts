// What was served as a line of the router's log, and a line read again: so that a restart knows what was seen before it.

import { type OpinionLine, opinionSchemaId, type ServedLine, servedSchemaId } from '../../core/served-line.ts'
import type { AnsweredCall, JsonObject, Outcome } from '../../core/types.ts'
import type { Served } from './served.ts'

export interface Logged {
  readonly served: Served
  /** Of the target that answered, as a short hash. */
  readonly settings: string
  /** Cleaned. */
  readonly request: JsonObject
  /** Credentials that cleaning took out of it. */
  readonly keysTaken: number
  /** Cleaned. */
  readonly outcome: Outcome
  readonly firstTokenMs: number | null
}

/** null for what is not of the rollout. */
export function servedLine({ served, settings, request, keysTaken, outcome, firstTokenMs }: Logged): ServedLine | null {
  const { id, atMs, api, servedBy, group, reason, isUnseen, isCopied, user, segments, status, headersMs, totalMs } =
    served
  if (api === null || group === null || reason === 'not-of-it') return null
  return {
    schema: servedSchemaId,
    id,
    at: new Date(atMs).toISOString(),
    api,
    request,
    ...(keysTaken > 0 && { keysTaken }),
    arm: servedBy,
    settings,
    group,
    reason,
    unseen: isUnseen,
    ...(served.drill !== undefined && { drill: served.drill }),
    shadow: isCopied,
    user,
    segments,
    status,
    timing: { headersMs: rounded(headersMs), firstTokenMs: finite(firstTokenMs), totalMs: rounded(totalMs) },
    outcome,
  }
}

/** With its line feed. */
export function textOf(line: ServedLine | OpinionLine): string {
  return `${JSON.stringify(line)}\n`
}

/** The call that it tells of; null where the client left. */
export function callIn({ outcome, timing }: Pick<ServedLine, 'outcome' | 'timing'>): AnsweredCall | null {
  if (outcome.kind === 'cancelled') return null
  if (outcome.kind !== 'reply') return { outcome, latencyMs: Infinity, firstTokenMs: Infinity, tries: 1 }
  return { outcome, latencyMs: timing.totalMs, firstTokenMs: timing.firstTokenMs, tries: 1 }
}

/** Whether the candidate answered somebody who was dealt to it: so many does a stage wait for. */
export function countsForStage({ arm, reason, unseen, drill, outcome }: ServedLine): boolean {
  const isDealt = arm === 'candidate' && reason !== 'override'
  // What the candidate failed at was production's turn, and nobody saw it.
  return isDealt && !unseen && drill === undefined && (outcome.kind === 'reply' || outcome.kind === 'rejected')
}

/** null where it is no line of ours, as one that a kill cut off. */
export function lineIn(text: string): ServedLine | OpinionLine | null {
  try {
    const line: unknown = JSON.parse(text)
    return isLine(line) ? line : null
  } catch {
    return null
  }
}

function isLine(value: unknown): value is ServedLine | OpinionLine {
  if (typeof value !== 'object' || value === null) return false
  const { schema, at, id } = value as Partial<ServedLine | OpinionLine>
  if (typeof at !== 'string' || typeof id !== 'string') return false
  return schema === opinionSchemaId || (schema === servedSchemaId && 'outcome' in value)
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10
}

function finite(ms: number | null): number | null {
  return ms === null || !Number.isFinite(ms) ? null : rounded(ms)
}

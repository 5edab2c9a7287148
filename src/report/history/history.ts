// The history of nights as data: what `--json` prints, what is kept in history.json, and what the table and the page are made of.

import type { Alarm, Repetition } from '../../core/across.ts'
import type { Drift } from '../../core/drift.ts'
import type { Decision } from '../../core/judgement.ts'
import type { KeptFinding } from '../../core/kept-night.ts'
import type { Arm, Instant } from '../../core/types.ts'

export const historySchemaId = 'shadowgate/history@1'

export interface History {
  readonly schema: typeof historySchemaId
  readonly generatedAt: Instant
  readonly version: string
  /** Of the store's file. */
  readonly storeBytes: number
  /** Judged nights that are older than those listed. */
  readonly left: number
  /** The oldest first. */
  readonly nights: readonly HistoryNight[]
  readonly gaps: readonly Gap[]
  readonly alarms: readonly Alarm[]
  /** How seldom an alarm is false, in a sentence. */
  readonly promise: string
  /** What repeated nights do to a GO of the newest swap; null where there is no judged night. */
  readonly repetition: Repetition | null
}

export interface HistoryNight {
  /** When it began. */
  readonly at: Instant
  readonly kind: 'judged' | 'nothing-new' | 'failed' | 'cut-off' | 'running'
  /** "gpt-4 → gpt-4-new"; null where the night did not come so far. */
  readonly swap: string | null
  readonly runId: string | null
  /** Of the process; null where it did not end, or no journal tells. */
  readonly status: number | null
  /** A fault's code. */
  readonly code: string | null
  readonly because: string
  readonly tookMs: number | null
  /** null where there is no verdict. */
  readonly judged: JudgedPart | null
}

export interface JudgedPart {
  readonly decision: Decision
  readonly held: boolean
  readonly pairs: number | null
  readonly costUsd: number | null
  readonly models: Readonly<Record<Arm, string>>
  readonly servedModels: Readonly<Record<Arm, readonly string[]>>
  readonly drift: Pick<Drift, 'outcome' | 'because'> | null
  /** Of all records. */
  readonly findings: readonly KeptFinding[]
  /** What is not as it was in the night before on this swap, one sentence each. */
  readonly changes: readonly string[]
}

/** Nights that there should have been, by the hour at which the others began. */
export interface Gap {
  readonly after: Instant
  readonly before: Instant
  readonly missing: number
}

/** JSON text; it knows no infinity, so that is a word. */
export function historyText(history: History): string {
  return `${JSON.stringify(history, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  )}\n`
}

/** null where it is no history of ours. */
export function historyFrom(text: string): History | null {
  try {
    const value: unknown = JSON.parse(text, (_key, each: unknown) => {
      if (each === 'Infinity') return Infinity
      return each === '-Infinity' ? -Infinity : each
    })
    return typeof value === 'object' && value !== null && 'schema' in value && value.schema === historySchemaId
      ? (value as History)
      : null
  } catch {
    return null
  }
}

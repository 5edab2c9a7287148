// What the journal of nights holds: one event on each line, and the lines of a file that a kill or a full disk may have torn.

import type { Night } from './night.ts'
import { withoutSecrets } from './secrets.ts'
import type { Instant, Json, JsonObject } from './types.ts'

/** Tells one process from another that has its number: later, in another container, or on another machine. */
export interface ProcessIdentity {
  readonly pid: number
  /** The machine's name for itself. */
  readonly host: string
  /** When the machine started, and the process after it; null where the system does not tell. */
  readonly born: { readonly boot: string; readonly ticks: number } | null
  /** Where its number counts: a container has numbers of its own. null where the system does not tell. */
  readonly space: string | null
}

/** What a night goes through, in this order. */
export const nightStages = ['check', 'ingest', 'sample', 'replay', 'judge', 'score', 'gate', 'report'] as const
export type NightStage = (typeof nightStages)[number]

export type NightEvent = {
  /** Of the night that it is about. */
  readonly night: string
  readonly at: Instant
} & (
  | {
      readonly event: 'begun'
      readonly process: ProcessIdentity
      readonly version: string
      /** "run", or "nightly" where the scheduler began it. */
      readonly command: string
      /** When the scheduler wanted it. */
      readonly dueAt?: Instant
    }
  /** A stage is begun. `runId`: as far as it is known then. */
  | { readonly event: 'reached'; readonly stage: NightStage; readonly runId: string | null }
  /** null where a later version wrote a kind of night that this one does not know. */
  | { readonly event: 'ended'; readonly came: Night | null }
  /** Its process went without a word, which a later night found. */
  | {
      readonly event: 'cut-off'
      readonly closedBy: string
      readonly lastSeenAt: Instant
      /** The run that the later night goes on with; null where nothing is left of it, or it is left. */
      readonly resumedRunId: string | null
      readonly because: string
    }
)

/** Nobody's write of so many bytes is cut in two by another's. */
const longestLine = 4096
/** Of one text in an event: a verdict's reasons are in the store, and in its report. */
const longestTexts = [1000, 300, 100]

/** One line, its end included, shorter than 4 KiB, without what looks like a secret. */
export function lineOf(event: NightEvent): string {
  let line = ''
  for (const most of longestTexts) {
    line = `${JSON.stringify(shortened(event as unknown as JsonObject, most))}\n`
    if (Buffer.byteLength(line) <= longestLine) break
  }
  return line
}

function shortened(value: Json, most: number): Json {
  if (typeof value === 'string') {
    const { text } = withoutSecrets(value)
    return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`
  }
  if (Array.isArray(value)) return value.slice(0, 8).map((each: Json) => shortened(each, most))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shortened(each, most)]))
}

/** The events of a journal, in its order. What is no whole event of ours is left out. */
export function eventsOf(text: string): NightEvent[] {
  return text.split('\n').flatMap((line) => eventIn(line) ?? [])
}

function eventIn(line: string): NightEvent | null {
  const event = parsed(line)
  if (event === null || typeof event['night'] !== 'string' || !isInstant(event['at'])) return null
  const whole = event as unknown as NightEvent
  if (whole.event === 'ended') return { ...whole, came: nightIn(event['came']) }
  if (whole.event === 'begun') return isProcess(event['process']) ? begunIn(whole) : null
  const isWhole =
    (whole.event === 'reached' && isStage(event['stage'])) ||
    (whole.event === 'cut-off' && isInstant(event['lastSeenAt']))
  return isWhole ? whole : null
}

/** When it was due comes from the environment, where anybody may have written anything. */
function begunIn({ dueAt, ...begun }: NightEvent & { event: 'begun' }): NightEvent {
  return dueAt !== undefined && isInstant(dueAt) ? { ...begun, dueAt } : begun
}

function parsed(line: string): JsonObject | null {
  // What a broken disk left is not tried line by line: each exception costs as much as a hundred events.
  if (!line.startsWith('{')) return null
  try {
    const value: Json = JSON.parse(line)
    return isMapping(value) ? value : null
  } catch {
    return null
  }
}

const kinds: readonly unknown[] = ['judged', 'nothing-new', 'failed'] satisfies Night['kind'][]

function nightIn(value: Json | undefined): Night | null {
  if (!isMapping(value) || !kinds.includes(value['kind'])) return null
  const isWhole =
    isInstant(value['startedAt']) &&
    isInstant(value['finishedAt']) &&
    typeof value['status'] === 'number' &&
    typeof value['because'] === 'string'
  return isWhole ? (value as unknown as Night) : null
}

function isProcess(value: Json | undefined): boolean {
  return isMapping(value) && typeof value['pid'] === 'number' && typeof value['host'] === 'string'
}

function isStage(value: Json | undefined): boolean {
  return (nightStages as readonly unknown[]).includes(value)
}

function isInstant(value: Json | undefined): value is Instant {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value))
}

function isMapping(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

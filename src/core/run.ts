// The noun of a run: what was asked, by whom and how.

import type { Instant, JsonObject, Target } from './types.ts'

/** The records of a run: the same ones have the same hash. */
export interface Dataset {
  /** Of the sorted record ids. */
  readonly sha256: string
  readonly records: number
}

/** How the requests of a run were sent. */
export interface ReplayWay {
  /** `closed`: the next when one has ended. `open`: when the log says, and latency counts from then. */
  readonly pace: 'closed' | 'open'
  /** In open loop: how many times faster than recorded. */
  readonly timeScale: number
  /** `batch`: through the provider's batch API. There are no latencies then. */
  readonly lane: 'live' | 'batch'
  /** Whether each arm and trial has a prompt cache of its own. */
  readonly salted: boolean
}

/** Every prefix of a run is a sample of its own, so what was sent can be judged. */
export interface Stopped {
  readonly why: 'cost-limit' | 'time-limit' | 'decided'
  /** A sentence for the report. */
  readonly because: string
  /** The first so many records of the plan are judged; null: all that were sent. */
  readonly records: number | null
}

/** What was asked, by whom, with which settings: all that is needed to compute the verdict again. */
export interface Run {
  readonly id: string
  /** Version of this shape. */
  readonly schema: 1
  readonly startedAt: Instant
  readonly finishedAt: Instant | null
  readonly seed: number
  readonly versions: { readonly shadowgate: string; readonly node: string; readonly duckdb: string }
  readonly dataset: Dataset
  /** Records left out when the sample was drawn: recurring, incomplete, in another API, beyond its size. */
  readonly sample: {
    readonly duplicate: number
    readonly fidelity: number
    readonly api: number
    readonly size: number
  }
  readonly targets: { readonly production: Target; readonly candidate: Target }
  /** Share of records that both arms answer twice. */
  readonly noise: number
  readonly replay: ReplayWay
  /** Where it ended before the plan did and is judged all the same; null where the whole plan was sent. */
  readonly stopped: Stopped | null
  /** The config as written, before `${…}` was filled in: secrets are not in it. */
  readonly settings: JsonObject
  /** Remarks of the config's author, shown in the report. */
  readonly notes: readonly string[]
}

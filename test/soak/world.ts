// What lives through the whole month: folder, disk, traffic, the servers, and the driver's own memory of what happened.

import { join } from 'node:path'
import type { Disk } from './disk.ts'
import type { Came, Paths } from './fault.ts'
import type { ModelServer } from './model-server.ts'
import type { Receiver } from './receiver.ts'
import type { StoredNight, StoreLook } from './store-look.ts'
import type { Traffic } from './traffic.ts'

export interface World {
  readonly folder: string
  readonly cli: string
  readonly seed: number
  readonly paths: Paths
  readonly disk: Disk
  readonly receiver: Receiver
  readonly traffic: Traffic
  readonly production: ModelServer
  readonly candidate: ModelServer
  candidateModel: string
  readonly memory: Memory
}

export interface Memory {
  look: StoreLook
  /** Tickets of all records that were ever seen in the store with their texts. */
  readonly stored: Set<number>
  /** What the servers were asked for each run: retention takes texts, and nothing from here. */
  readonly asked: Map<string, Set<number>>
  /** Calls that a job could read when it began. */
  readonly readable: Set<number>
  /** The decision that stands, by the order in which jobs ended. */
  standing: { readonly decision: string; readonly isHeld: boolean } | null
  /** What the job before came to, where it came to no verdict. */
  failing: Came | null
  /** How often each request was answered, by salt and ticket. */
  readonly paid: Map<string, number>
  /** Answers that kills and full disks took with them. */
  lost: number
  readonly jobs: { readonly clockMs: number; readonly came: Came }[]
}

export const emptyLook: StoreLook = { bytes: 0, runs: [], tickets: new Set() }

export function emptyMemory(): Memory {
  return {
    look: emptyLook,
    stored: new Set(),
    asked: new Map(),
    readable: new Set(),
    standing: null,
    failing: null,
    paid: new Map(),
    lost: 0,
    jobs: [],
  }
}

export function pathsIn(folder: string): Paths {
  const data = join(folder, 'data')
  return {
    folder,
    logs: join(folder, 'logs'),
    data,
    store: join(data, 'store.duckdb'),
    journal: join(data, 'store.nights.jsonl'),
    reports: join(data, 'reports'),
    textfile: join(data, 'shadowgate.prom'),
  }
}

/** Runs whose records count as judged, by the order in which they were drawn: of an INVALID one they are asked anew. */
export function judgedRuns({ look }: Memory): StoredNight[] {
  return look.runs.filter(({ decision }) => decision !== null && decision !== 'INVALID')
}

// What the doctor looks at, one thing each, and what is found.

import type { Session } from '../session/session.ts'
import type { World } from '../world.ts'
import type { LoadedLogs, StoredFacts, Study } from './study.ts'

/** `fine`: nothing to do. `doubtful`: a night could run, and somebody ought to look. `wrong`: none could. */
export type Grade = 'fine' | 'doubtful' | 'wrong'

export interface Finding {
  readonly grade: Grade
  readonly says: string
  /** What to do; null where there is nothing. */
  readonly todo: string | null
  /** What a night would exit with for this; null where it would not. */
  readonly status: number | null
}

/** What the checks are about. What takes long is done once, when the first asks. */
export interface Patient {
  readonly world: World
  readonly session: Session
  readonly isOffline: boolean
  /** The files that the config means. Faults: LOG_MISSING, LOG_UNREADABLE, BAD_CONFIG. */
  readonly logs: () => Promise<LoadedLogs>
  /** What a trial of them shows, in a store of its own. Faults: those of ingest and sample. */
  readonly study: () => Promise<Study>
  /** What the store holds; null where there is none yet. Faults: STORE_LOCKED, STORE_UNUSABLE. */
  readonly stored: () => Promise<StoredFacts | null>
}

export interface Check {
  /** One word or two, for people and programs. */
  readonly name: string
  /** A Fault that comes out of it is a finding too: the night would meet the same. */
  readonly look: (patient: Patient) => Promise<readonly Finding[]>
}

export function fine(says: string): Finding {
  return { grade: 'fine', says, todo: null, status: null }
}

export function doubtful(says: string, todo: string): Finding {
  return { grade: 'doubtful', says, todo, status: null }
}

export function wrong(says: string, todo: string, status: number): Finding {
  return { grade: 'wrong', says, todo, status }
}

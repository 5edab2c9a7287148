// A run's pairs as they are kept, and what they are kept under.

import type { ChangeCluster } from '../../core/changes.ts'
import type { Run } from '../../core/judgement.ts'
import type { PairTable } from '../../core/pair.ts'
import { pairColumnsVersion } from '../../score/pair-columns.ts'
import type { StoredPairRows } from '../../store/pair-rows.ts'
import type { Session } from '../session/session.ts'

/** The pairs that are judged. */
export interface StoredPairs {
  readonly table: PairTable
  /** Worst first; none where the run was not measured for changes. */
  readonly clusters: readonly ChangeCluster[]
  /** Keys of segments that the run has. */
  readonly segments: readonly string[]
}

export type About = Pick<StoredPairs, 'clusters' | 'segments'>
/** Rows with what is kept beside them. */
export type KeptPairs = StoredPairRows<About>

/** All that rows depend on beside the measures and the records, which never change. */
export function stampOf({ policy, world }: Session, { stopped }: Run): string {
  return JSON.stringify({
    version: pairColumnsVersion,
    shadowgate: world.versions.shadowgate,
    segment: policy.segments[0] ?? null,
    first: stopped?.records ?? null,
  })
}

// What a fault of the soak is: what is done before the job and while it runs, and what the night may come to.

import type { Random } from '../../src/core/random.ts'
import type { Disk } from './disk.ts'
import type { Job } from './job.ts'
import type { ModelServer } from './model-server.ts'
import type { Traffic } from './traffic.ts'

/** What a job comes to: a verdict, nothing new, a signal, or the code of a fault of the product. */
export type Came = 'judged' | 'nothing-new' | 'killed' | (string & {})

export interface Paths {
  readonly logs: string
  readonly folder: string
  /** Where store and journal lie. */
  readonly data: string
  readonly store: string
  readonly journal: string
  readonly reports: string
  readonly textfile: string
}

export interface Scene {
  readonly paths: Paths
  readonly random: Random
  readonly traffic: Traffic
  readonly production: ModelServer
  readonly candidate: ModelServer
  readonly disk: Disk
  /** About how many calls the night will make. */
  readonly calls: number
  /** Writes the config anew, as from now on. */
  readonly configure: (changes: { readonly candidateModel: string }) => void
  /** Starts another job beside the one that runs. Its end is waited for, and it is accounted for. */
  readonly startBeside: (comesTo: readonly Came[]) => void
  /** It did happen: a soak whose faults miss proves nothing. */
  readonly struck: () => void
  /** What the report says beside the night. */
  readonly note: (text: string) => void
}

export interface Fault {
  readonly name: string
  readonly what: string
  readonly comesTo: readonly Came[]
  /** Of a night that is judged; as the candidate's model has it without. */
  readonly decision?: 'GO' | 'NO-GO'
  /** The day brings no calls. */
  readonly isIdle?: true
  /** Nothing has to happen: it is no fault. */
  readonly isQuiet?: true
  /** Files change while they are read: what is missed is read the next night. */
  readonly isRacing?: true
  /** Quiet nights that leave it something to strike at, where it is tried alone; two without it. */
  readonly nightsBefore?: number
  /** The wall clock is so far from where it should be. */
  readonly clockOffMs?: number
  /** Nothing more can be written to the disk from some moment on. */
  readonly fillsDisk?: true
  /** The job is started once more the same night, so much later by a clock that was set. */
  readonly again?: { readonly clockOffMs: number; readonly calls: number }
  readonly prepare?: (scene: Scene) => void | Promise<void>
  readonly strike?: (scene: Scene, job: Job) => void
  /** Puts right what an operator would the next morning. */
  readonly mend?: (scene: Scene) => void | Promise<void>
}

// The noun of a router that stays, as service managers are told of it: the job's project, and where it listens.

import type { Job, ScheduleFile } from './job.ts'

export interface RouterJob extends Job {
  readonly host: string
  readonly port: number
  readonly adminPort: number
  /** How long the last answer under way may take after it was told to stop. */
  readonly drainSeconds: number
}

export interface RouterSchedule {
  readonly files: (job: RouterJob) => readonly ScheduleFile[]
  /** What is left to do, in order: each a command or a sentence. */
  readonly steps: (job: RouterJob) => readonly string[]
}

// The noun of a nightly job as schedulers are told of it: what is called, when, where, and what it may write.

export interface Job {
  /** Names units, jobs and claims: lower case, digits and dashes. */
  readonly name: string
  /** Absolute, where the config is: the job's working folder. */
  readonly folder: string
  /** Relative to the folder. */
  readonly config: string
  /** Absolute, where the folder's repository begins; the folder itself where it is in none. */
  readonly repository: string
  /** What a machine calls: Node's path and the command's, absolute. */
  readonly program: readonly [node: string, script: string]
  readonly version: string
  readonly at: { readonly hour: number; readonly minute: number }
  /** IANA name; null is the machine's own. */
  readonly timeZone: string | null
  /** Who owns the project on this machine. */
  readonly user: string
  /** Variables that the config names, keys above all. */
  readonly variables: readonly string[]
  /** Whether the file with their values is there. */
  readonly hasKeys: boolean
  /** Absolute folders that a night writes into, none inside another. */
  readonly writes: readonly string[]
  /** Absolute folders that logs lie in, outside of the folders that are written. */
  readonly logs: readonly string[]
  /** Files beside the config that it needs, itself first; relative to the folder. */
  readonly files: readonly string[]
  /** Disk that the store may take, for volumes. */
  readonly storeGb: number
}

export interface ScheduleFile {
  readonly name: string
  readonly text: string
}

export interface Schedule {
  readonly title: string
  readonly files: (job: Job) => readonly ScheduleFile[]
  /** What is left to do, in order: each a command or a sentence. */
  readonly steps: (job: Job) => readonly string[]
  /** Where the files were printed and not written; without it, they are to be written first. */
  readonly stepsOfPrinted?: (job: Job) => readonly string[]
}

/** Of variables and keys, `NAME=value` a line: Node, systemd and shells read it alike. */
export const keysFile = 'shadowgate.env'

/** Beyond it a night is ended, and the next one goes on. */
export const longestHours = 6

export function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}

/** `02:30`. */
export function timeWords({ at }: Job): string {
  return `${twoDigits(at.hour)}:${twoDigits(at.minute)}`
}

/** How the file with the variables is made; nothing where the config names none, or it is there. */
export function keysSteps({ folder, variables, hasKeys }: Job): readonly string[] {
  if (variables.length === 0 || hasKeys) return []
  const lines = variables.map((name) => `${name}=…`).join(', ')
  return [
    `Write the keys, one a line (${lines}), into ${folder}/${keysFile}; then: chmod 600 ${keysFile}; keep it out of git`,
  ]
}

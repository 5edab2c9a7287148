// What the user can mend: one table of codes, each with its exit status and a hint. Printed in `cli.ts` alone.

/** Exit statuses of the command line: a public contract. */
export const exitStatus = {
  GO: 0,
  'NO-GO': 1,
  INCONCLUSIVE: 2,
  INVALID: 3,
  /** No record came since the last judged run: no verdict, and no error. */
  'nothing new': 4,
  usage: 64,
  badData: 65,
  unavailable: 69,
  internal: 70,
  interrupted: 130,
} as const

/** What a verdict exits with: a GO that is held must not open the canary by itself. */
export function statusOf(verdict: {
  readonly decision: 'GO' | 'INCONCLUSIVE' | 'NO-GO' | 'INVALID'
  readonly held: boolean
}): number {
  return exitStatus[verdict.held ? 'INCONCLUSIVE' : verdict.decision]
}

const table = {
  USAGE: {
    status: exitStatus.usage,
    hint: 'shadowgate --help lists the commands, shadowgate <command> --help its flags',
  },
  CONFIG_MISSING: { status: exitStatus.badData, hint: 'shadowgate init writes one to start from' },
  BAD_CONFIG: {
    status: exitStatus.badData,
    hint: 'mend the line named above; nothing was sent and nothing was stored',
  },
  BAD_POLICY: {
    status: exitStatus.badData,
    hint: 'mend the rule named above; nothing was sent and nothing was stored',
  },
  BAD_ASSERTION: {
    status: exitStatus.badData,
    hint: 'mend the assertion named above; nothing was sent and nothing was stored',
  },
  BAD_REVIEWS: {
    status: exitStatus.badData,
    hint: 'mend the line named above; a file of reviews counts as a whole or not at all',
  },
  REVIEWS_BUSY: {
    status: exitStatus.unavailable,
    hint: 'try again; where no other shadowgate writes, remove the folder <file>.lock beside the file',
  },
  REVIEWS_UNWRITABLE: {
    status: exitStatus.badData,
    hint: 'check `reviews` in the config and the space and permissions of its folder',
  },
  CONFIG_UNWRITABLE: {
    status: exitStatus.badData,
    hint: 'choose a folder that is there and can be written: --config <file>',
  },
  LOG_MISSING: {
    status: exitStatus.badData,
    hint: 'check --logs, or `logs` in the config; a path in the config is relative to its file',
  },
  LOG_UNREADABLE: {
    status: exitStatus.badData,
    hint: 'check the file and its permissions; what was stored before is untouched',
  },
  LOG_UNKNOWN: {
    status: exitStatus.badData,
    hint: 'shadowgate formats says what each is; any other JSON or table is read by format: mapping with a map of its fields, under logs in the config',
  },
  NO_RECORDS: { status: exitStatus.badData, hint: 'shadowgate ingest says why each line was left out' },
  NO_RUN: { status: exitStatus.badData, hint: 'shadowgate run makes one' },
  STORE_LOCKED: {
    status: exitStatus.unavailable,
    hint: 'wait for that process, or stop it; the store has one owner at a time. shadowgate run --wait 2h waits by itself',
  },
  STORE_UNUSABLE: {
    status: exitStatus.badData,
    hint: 'check `store` in the config and the space and permissions of its folder',
  },
  TEMPORARY_UNWRITABLE: {
    status: exitStatus.badData,
    hint: 'set TMPDIR to a folder that is there and can be written; a read-only container needs a volume at /tmp',
  },
  STORE_UNWRITABLE: {
    status: exitStatus.unavailable,
    hint: 'make space; what was stored before is whole, and the same command goes on from there',
  },
  KEY_MISSING: {
    status: exitStatus.unavailable,
    hint: 'export the variable that keyFrom.env names, or name the file that holds the key in <variable>_FILE',
  },
  KEY_REFUSED: { status: exitStatus.unavailable, hint: 'check the key in the variable that keyFrom.env names' },
  TARGET_UNREACHABLE: { status: exitStatus.unavailable, hint: 'check baseUrl and that the server is up' },
  VERDICT_DIFFERS: {
    status: exitStatus.badData,
    hint: 'the store was changed, or this shadowgate computes otherwise than the one that judged; shadowgate gate judges anew',
  },
  SNAPSHOT_UNWRITABLE: {
    status: exitStatus.badData,
    hint: 'name a folder that is not there yet, where there is space: --to <folder>',
  },
  SNAPSHOT_UNREADABLE: {
    status: exitStatus.badData,
    hint: 'copy the folder anew from where shadowgate export wrote it; the store is as it was',
  },
  SNAPSHOT_DIFFERS: {
    status: exitStatus.badData,
    hint: 'import it into a store of its own: --store <file>; this one is as it was',
  },
  REMOVED: {
    status: exitStatus.badData,
    hint: 'retention in the config says how long what is kept; shadowgate export keeps a run whole, elsewhere',
  },
  NO_PERMIT: {
    status: exitStatus.badData,
    hint: 'shadowgate run makes a verdict; --override <reason> goes without, and the journal says who did',
  },
  PORT_TAKEN: {
    status: exitStatus.unavailable,
    hint: 'stop what listens there, or choose another: canary.port and canary.admin.port in the config',
  },
  JOURNAL_UNUSABLE: {
    status: exitStatus.badData,
    hint: 'check `canary.journal` in the config and the space and permissions of its folder',
  },
  JOURNAL_HELD: {
    status: exitStatus.unavailable,
    hint: 'one router writes a journal: stop that one first, or give this one its own with canary.journal and canary.log',
  },
  NOT_RUNNING: { status: exitStatus.unavailable, hint: 'shadowgate replay or shadowgate run starts one' },
  UNCONFIRMED: {
    status: exitStatus.usage,
    hint: '--yes answers every question with yes; nothing was sent',
  },
  REPORT_UNWRITABLE: {
    status: exitStatus.badData,
    hint: 'check `report.dir` in the config and the space and permissions of that folder',
  },
  TIME_LIMIT: {
    status: exitStatus.unavailable,
    hint: 'raise replay.maxMinutes: reading the logs takes its part of it; the next run goes on with this one',
  },
  INTERRUPTED: {
    status: exitStatus.interrupted,
    hint: 'the store is whole; the same command goes on where this one stopped',
  },
} as const

/** A name of the table of errors: stable, for scripts that look at `error.code`. */
export type FaultCode = keyof typeof table

/** An error that the user can mend. `place` is a flag, `file:line:col`, a config path or a URL. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly place: string | null
  readonly hint: string

  constructor(code: FaultCode, message: string, options: { place?: string; hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.place = options.place ?? null
    this.hint = options.hint ?? table[code].hint
  }

  get status(): number {
    return table[this.code].status
  }
}

/** Ends an exhaustive switch. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}

/** What was thrown, in its own words: also libraries throw what is no Error. */
export function thrownMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

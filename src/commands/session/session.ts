// What every command but `init` begins with: the checked config, and the store while it is needed.

import { accessSync, constants, existsSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { Fault } from '../../core/fault.ts'
import type { Policy } from '../../core/judgement.ts'
import type { ReviewPolicy } from '../../core/review.ts'
import type { Arm, Target } from '../../core/types.ts'
import type { Metric } from '../../score/metric.ts'
import type { Store } from '../../store/store.ts'
import type { Invocation } from '../command.ts'
import { type LoadedConfig, loadConfig } from '../config/load.ts'
import { policyOf, targetsOf } from '../config/resolve.ts'
import { metricsOf } from '../gate/metrics-of.ts'
import { createLogLines, isJsonLog, type LogLines } from '../output/log-lines.ts'
import { createProgress, type Progress } from '../output/progress.ts'
import { readReviewsFile } from '../review/reviews-file.ts'
import type { World } from '../world.ts'
import { openHeldStore } from './open-store.ts'

export interface Session extends LoadedConfig {
  /** When the command began, by the monotonic clock. */
  readonly startedMs: number
  readonly world: World
  readonly invocation: Invocation
  readonly targets: Readonly<Record<Arm, Target>>
  readonly policy: Policy
  /** What the file of reviews held when the command began, and when that was; empty for commands that judge nothing. */
  readonly reviews: ReviewPolicy
  /** Of the roster, and of the config's assertions. */
  readonly metrics: readonly Metric[]
  /** Absolute paths. */
  readonly storePath: string
  readonly reportDir: string
  readonly reviewsPath: string
  readonly progress: Progress
  /** The log of a night as JSON lines; null where people read along. */
  readonly logLines: LogLines | null
  /** A remark on standard error, unless `--quiet`. */
  readonly say: (text: string) => void
}

export interface Opening {
  /** Whether targets will be asked. */
  readonly sends: boolean
  /** Whether a run will be judged: a broken file of reviews then stops the command before anything is sent. */
  readonly judges?: true
  /** Whether it may run unattended, and its log be read by machines. */
  readonly isUnattended?: true
}

/** Loads and checks the config: nothing is opened or written. Faults: CONFIG_MISSING, BAD_CONFIG, BAD_POLICY, BAD_REVIEWS. */
export function openSession(seen: World, invocation: Invocation, { sends, judges, isUnattended }: Opening): Session {
  const { config: file, settings: flags } = invocation
  const loaded = loadConfig({ file, flags, cwd: seen.cwd, env: seen.env, sends })
  const isLog = isUnattended === true && isJsonLog(loaded.config.log.format, seen)
  const logLines = isLog ? createLogLines(seen) : null
  // What is said whether quiet or not is a warning; a person reads it as it is.
  const world = logLines === null ? seen : { ...seen, log: logLines.warn }
  const reviewsPath = resolve(loaded.folder, loaded.config.reviews)
  const policy = policyOf(loaded.config, loaded.file, loaded.folder)
  return {
    ...loaded,
    startedMs: world.clock.elapsed(),
    world,
    invocation,
    targets: targetsOf(loaded.config, loaded.file),
    policy,
    metrics: metricsOf(policy, loaded.folder),
    storePath: resolve(loaded.folder, loaded.config.store),
    reportDir: resolve(loaded.folder, loaded.config.report.dir),
    reviewsPath,
    reviews: {
      at: new Date(world.clock.now()).toISOString(),
      list: judges ? readReviewsFile(reviewsPath, relative(world.cwd, reviewsPath) || reviewsPath) : [],
    },
    progress: createProgress(world, invocation.isQuiet, logLines?.info),
    logLines,
    say: (text) => {
      if (!invocation.isQuiet) (logLines?.info ?? world.log)(text)
    },
  }
}

/** Opens the store, hands it to `work`, and closes it whatever happens. `waitMs`: how long another may hold it before. */
export async function withStore<T>(
  session: Session,
  work: (store: Store) => Promise<T>,
  { waitMs = 0 }: { readonly waitMs?: number } = {},
): Promise<T> {
  mkdirSync(dirname(session.storePath), { recursive: true })
  const store = await openHeldStore(session, waitMs)
  try {
    return await work(store)
  } finally {
    store.close()
  }
}

/** For commands that read what is there: a missing store is the user's mistake, not a reason to make an empty one. */
export function requireStore(session: Session): void {
  if (existsSync(session.storePath)) return
  throw new Fault('NO_RUN', 'there is no store yet', { place: session.storePath, hint: 'shadowgate run makes one' })
}

/** Tries whether files can be written, without writing one. Faults: STORE_UNUSABLE, REPORT_UNWRITABLE. */
export function requireWritable(session: Session): void {
  requireFolder('STORE_UNUSABLE', dirname(session.storePath))
  requireFolder('REPORT_UNWRITABLE', session.reportDir)
  const store = statSync(session.storePath, { throwIfNoEntry: false })
  if (store?.isDirectory())
    throw new Fault('STORE_UNUSABLE', 'there is a folder of that name', { place: session.storePath })
  if (store) requireAccess('STORE_UNUSABLE', session.storePath, session.storePath)
}

/** A folder that is there or can be made. */
function requireFolder(code: 'STORE_UNUSABLE' | 'REPORT_UNWRITABLE', path: string): void {
  let existing = path
  while (!existsSync(existing) && dirname(existing) !== existing) {
    // What is not mounted today: no folder can be made in its place.
    if (lstatSync(existing, { throwIfNoEntry: false })?.isSymbolicLink())
      throw new Fault(code, `${existing} is a link to what is not there`, { place: path })
    existing = dirname(existing)
  }
  if (!statSync(existing).isDirectory()) throw new Fault(code, `${existing} is no folder`, { place: path })
  requireAccess(code, path, existing)
}

function requireAccess(code: 'STORE_UNUSABLE' | 'REPORT_UNWRITABLE', place: string, existing: string): void {
  try {
    accessSync(existing, constants.W_OK)
  } catch (error) {
    throw new Fault(code, `it can't be written: ${existing}`, { place, cause: error })
  }
}

/** Between two steps of a stage that no replay drains. Fault: INTERRUPTED after a Ctrl-C. */
export function stopIfAsked({ world }: Session): void {
  if (world.drain.aborted) throw new Fault('INTERRUPTED', 'interrupted')
}

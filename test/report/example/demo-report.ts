// The demo's report without real time: its data, sample, store, verdict and formats are real, its clock and its ids are not.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gateRun } from '../../../src/commands/gate.ts'
import { ingestLogs, requireLogs } from '../../../src/commands/ingest.ts'
import { unitSource } from '../../../src/commands/replay/live-units.ts'
import { armOrders } from '../../../src/commands/replay/preflight.ts'
import { reportRun } from '../../../src/commands/report.ts'
import { planRun } from '../../../src/commands/sample.ts'
import { completeScore } from '../../../src/commands/score.ts'
import { openSession, type Session, withStore } from '../../../src/commands/session/session.ts'
import type { Arm } from '../../../src/core/types.ts'
import { demoDatasetDir, loadAnswerBook } from '../../../src/demo/dataset.ts'
import { demoModels } from '../../../src/demo/start.ts'
import { drive } from '../../../src/replay/drive.ts'
import { createLane } from '../../../src/replay/lane.ts'
import type { ArmOrder } from '../../../src/replay/orders.ts'
import type { Unit } from '../../../src/replay/plan.ts'
import { createTokenGuess } from '../../../src/replay/token-guess.ts'
import type { DrivenArm } from '../../../src/replay/trial.ts'
import { formats } from '../../../src/report/index.ts'
import type { StoredRun } from '../../../src/store/runs.ts'
import type { Store } from '../../../src/store/store.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { createWorld } from '../../support/world.ts'
import { simulatedArm } from './simulated-arm.ts'

/** What chance and the machine would have given. */
const fixed = {
  runId: '20261123-060000-demo',
  startMs: Date.UTC(2026, 10, 23, 6),
  productionUrl: 'http://127.0.0.1:8001/v1',
  candidateUrl: 'http://127.0.0.1:8002/v1',
  salt: '0'.repeat(32),
} as const

const config = fileURLToPath(new URL('../../../datasets/demo/shadowgate.yaml', import.meta.url))
const env = {
  SHADOWGATE_DEMO_PRODUCTION_URL: fixed.productionUrl,
  SHADOWGATE_DEMO_CANDIDATE_URL: fixed.candidateUrl,
}

/** As `shadowgate demo` has them. */
const [timeScale, serverSeed] = [100, 7]

const manifest: { version: string; devDependencies: { node: string } } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
)

/** Every report of the demo: the name of its file → its text. The same wherever and whenever it is called. */
export function demoReport(): Promise<ReadonlyMap<string, string>> {
  return withDemo(
    async ({ reportDir }) =>
      new Map(formats.map(({ file }) => [file, readFileSync(join(reportDir, fixed.runId, file), 'utf8')] as const)),
  )
}

/** What the demo leaves: paths in a folder that is there while `work` is. */
export interface DemoFiles {
  readonly folder: string
  readonly config: string
  readonly store: string
  readonly reportDir: string
  /** Without them the config can't be read. */
  readonly env: Readonly<Record<string, string>>
}

export async function withDemo<T>(work: (files: DemoFiles) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'shadowgate-'))
  try {
    const clock = createFakeClock(fixed.startMs)
    const session = sessionIn(folder, clock)
    await withStore(session, (store) => wholeRoad(session, { ...store, salt: fixed.salt }, clock))
    return await work({ folder, config, store: session.storePath, reportDir: session.reportDir, env })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function sessionIn(folder: string, clock: FakeClock): Session {
  const { world } = createWorld({
    cwd: folder,
    clock,
    env,
    versions: { shadowgate: manifest.version, node: manifest.devDependencies.node },
  })
  const invocation = {
    command: 'run',
    config,
    settings: { store: join(folder, 'demo.duckdb'), 'report.dir': join(folder, 'reports') },
    own: {},
    word: null,
    isJson: false,
    isQuiet: true,
  }
  return openSession(world, invocation, { sends: true })
}

/** As `shadowgate run` walks it, but for the thread that sends. */
async function wholeRoad(session: Session, store: Store, clock: FakeClock): Promise<void> {
  await ingestLogs(session, store, await requireLogs(session))
  await planRun(session, { ...store, createRun: ({ run, ...rest }, records) => createFixed(store, run, rest, records) })
  await replaySimulated(session, store, clock)
  const finished = await storedRun(store)
  await completeScore(session, store, finished)
  await gateRun(session, store, finished)
  await reportRun(session, store, finished)
}

/** A run's id ends in chance; this one does not. */
function createFixed(
  store: Store,
  run: StoredRun['run'],
  rest: Omit<StoredRun, 'run'>,
  records: Parameters<Store['createRun']>[1],
): Promise<void> {
  return store.createRun({ ...rest, run: { ...run, id: fixed.runId } }, records)
}

async function storedRun(store: Store): Promise<StoredRun> {
  const stored = await store.findRun(fixed.runId)
  if (stored === null) throw new Error('the run was not stored')
  return stored
}

/** The real driver and its lanes, over arms that answer on the clock. */
async function replaySimulated(session: Session, store: Store, clock: FakeClock): Promise<void> {
  const stored = await storedRun(store)
  const orders = armOrders(session)
  // All of them before the first is sent: how fast the store reads must have no say in when a request goes out.
  const units = await unitsOf(session, { store, stored, orders })
  const writer = await store.createAttemptWriter(fixed.runId, (error) => {
    throw error
  })
  const { retries } = session.targets.production
  const { rounds, maxWaitMs, keepFree } = session.config.replay
  const state = { isOver: false }
  const over = drive({
    units: inTurn(units),
    arms: {
      production: drivenArm('production', { session, orders, clock }),
      candidate: drivenArm('candidate', { session, orders, clock }),
    },
    retry: { retries, rounds, maxWaitMs },
    keepFree,
    window: 2 * orders.production.target.concurrency,
    seed: stored.run.seed,
    clock,
    onAttempt: writer.write,
    drain: session.world.drain,
  }).finally(() => {
    state.isOver = true
  })
  while (!state.isOver) await clock.advance(10)
  await over
  writer.close()
  await store.setRunStatus(fixed.runId, 'replayed', new Date(clock.now()).toISOString())
}

interface Planned {
  readonly store: Store
  readonly stored: StoredRun
  readonly orders: Record<Arm, ArmOrder>
}

async function unitsOf(session: Session, { store, stored, orders }: Planned): Promise<Unit[]> {
  const plan = await store.planOf(fixed.runId)
  const source = unitSource(session, { store, stored, orders, left: { ...plan, done: new Set() } })
  const units: Unit[] = []
  for await (const planned of store.plannedRequests(fixed.runId)) {
    const made = source.of(planned)
    if (made) units.push(made.unit)
  }
  return units
}

async function* inTurn<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items
}

function drivenArm(
  arm: Arm,
  { session, orders, clock }: { session: Session; orders: Record<Arm, ArmOrder>; clock: FakeClock },
): DrivenArm {
  const { concurrency, limits } = orders[arm].target
  const { keepFree, adaptive } = session.config.replay
  const book = loadAnswerBook(demoDatasetDir, arm)
  return {
    lane: createLane({ concurrency, isAdaptive: adaptive, limits, keepFree }, clock),
    guess: createTokenGuess(),
    send: simulatedArm({ book, model: demoModels[arm], seed: `${serverSeed} ${arm}`, timeScale, clock }),
  }
}

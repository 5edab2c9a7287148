// `npm run simulate`: the error rates of the design's tables, of the rules as the gate applies them.

import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { legend, type Simulated, tablesText } from './print.ts'
import { type Outcome, runCase } from './run-case.ts'
import type { Case } from './study.ts'
import { cases } from './tables/index.ts'

interface Task {
  /** Places in `cases`. */
  readonly places: readonly number[]
  readonly runs: number
  readonly seed: number
}

const threads = 2

if (isMainThread) await main()
else work(workerData as Omit<Task, 'places'>)

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      row: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const [runs, seed] = [Number(values.runs), Number(values.seed)]
  if (!(runs >= 1) || !Number.isInteger(seed)) throw new Error('--runs is a number from 1 on, --seed a whole number')
  const isAsked = ({ table, name }: Case) =>
    (values.only === undefined || table === values.only) && (values.row === undefined || name.includes(values.row))
  const places = [...cases.entries()].flatMap(([place, one]) => (isAsked(one) ? [place] : []))
  if (places.length === 0) throw new Error('no table is called as --only says, or none of its rows as --row does')
  const outcomes = await simulate({ places, runs, seed })
  const simulated: Simulated[] = places.flatMap((place) => {
    const [one, outcome] = [cases[place], outcomes.get(place)]
    return one && outcome ? [{ case: one, outcome }] : []
  })
  process.stdout.write(
    values.json ? `${JSON.stringify(plain(simulated), null, 2)}\n` : `${tablesText(simulated)}\n\n${legend}\n`,
  )
  process.exitCode = simulated.some(({ outcome }) => outcome.figures.some(({ objection }) => objection !== null))
    ? 1
    : 0
}

/** Each thread takes the next row when it has done one. */
async function simulate({ places, runs, seed }: Task): Promise<ReadonlyMap<number, Outcome>> {
  const outcomes = new Map<number, Outcome>()
  const left = [...places]
  const oneThread = async () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { runs, seed } })
    const over = new Promise<void>((resolve, reject) => worker.on('error', reject).on('exit', () => resolve()))
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    const next = () => worker.postMessage(left.shift() ?? null)
    worker.on('message', ([place, outcome]: readonly [number, Outcome]) => {
      outcomes.set(place, outcome)
      if (process.stderr.isTTY) process.stderr.write(`\r${outcomes.size} of ${places.length} rows `)
      next()
    })
    next()
    await over
  }
  await Promise.all(Array.from({ length: threads }, oneThread))
  if (process.stderr.isTTY) process.stderr.write('\n')
  return outcomes
}

function work(how: Omit<Task, 'places'>): void {
  parentPort?.on('message', (place: number | null) => {
    const one = place === null ? undefined : cases[place]
    if (one === undefined) return parentPort?.close()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    parentPort?.postMessage([place, runCase(one, how)])
  })
}

function plain(simulated: readonly Simulated[]): object {
  return simulated.map(({ case: { table, name, n, isInferred, isStricter }, outcome }) => ({
    table,
    name,
    n,
    isInferred,
    isStricter,
    runs: outcome.runs,
    figures: outcome.figures.map(({ figure, value, error, objection }) => ({
      name: figure.name,
      value,
      error,
      design: figure.design,
      objection,
    })),
  }))
}

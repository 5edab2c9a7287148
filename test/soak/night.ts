// One night: the day's traffic, what is to go wrong, the job that the scheduler starts, and what it came to.

import { seededBy } from '../../src/core/random.ts'
import type { Checks } from './checks.ts'
import { cohort, noise, writeConfig } from './config.ts'
import type { Came, Fault, Scene } from './fault.ts'
import { type Job, startJob } from './job.ts'
import { checkJob } from './job-checks.ts'
import type { Account } from './month.ts'
import { outcomeOf } from './outcome.ts'
import { lookAt } from './store-look.ts'
import { emptyLook, judgedRuns, type World } from './world.ts'

export interface NightOrder {
  readonly world: World
  readonly checks: Checks
  readonly fault: Fault
  /** From 1. */
  readonly night: number
}

/** 02:30 of the first night. */
const firstMs = Date.UTC(2026, 2, 2, 2, 30)
const dayMs = 86_400_000
/** What both servers ask a key for. */
const key = 'sk-soak-0123456789abcdef'

export async function passNight(order: NightOrder): Promise<Account[]> {
  const { world, fault, night } = order
  const clockMs = firstMs + (night - 1) * dayMs + (fault.clockOffMs ?? 0)
  const chance = seededBy(world.seed, 'day', String(night))
  if (!fault.isIdle) {
    world.traffic.rotate()
    // The first day has more: what was there before anybody set it up.
    const calls = (night === 1 ? 480 : 300) + chance.below(100)
    world.traffic.write({ startMs: clockMs - dayMs, calls })
  }
  const accounts = await startOnce(order, clockMs)
  if (fault.again) {
    const { clockOffMs, calls } = fault.again
    world.traffic.write({ startMs: clockMs, calls })
    accounts.push(
      ...(await startOnce({ ...order, fault: { ...fault, prepare: () => {}, isQuiet: true } }, clockMs + clockOffMs)),
    )
  }
  return accounts
}

interface Started {
  readonly job: Job
  readonly comesTo: readonly Came[]
}

async function startOnce({ world, checks, fault, night }: NightOrder, clockMs: number): Promise<Account[]> {
  const { memory, receiver, production, candidate } = world
  const notes: string[] = []
  const beside: Started[] = []
  const strike: { atMs: number | null } = { atMs: null }
  const startedMs = performance.now()
  const start = (): Job => {
    const env = { SOAK_KEY: key, SOAK_HOOK: receiver.url }
    const nowMs = Math.round(clockMs + performance.now() - startedMs)
    return startJob({ cli: world.cli, folder: world.folder, args: ['run', '--json'], clockMs: nowMs, env })
  }
  writeConfigOf(world)
  const scene: Scene = {
    paths: world.paths,
    random: seededBy(world.seed, 'strike', String(night)),
    traffic: world.traffic,
    production,
    candidate,
    disk: world.disk,
    calls: aboutCalls(world),
    configure: ({ candidateModel }) => {
      world.candidateModel = candidateModel
      writeConfigOf(world)
    },
    startBeside: (comesTo) => beside.push({ job: start(), comesTo }),
    struck: () => {
      strike.atMs ??= performance.now()
    },
    note: (text) => notes.push(text),
  }
  await fault.prepare?.(scene)
  const before = { look: memory.look, told: receiver.messages.length, readable: world.traffic.readable() }
  for (const server of [production, candidate]) server.heard = []
  const job = start()
  fault.strike?.(scene, job)
  const result = await job.over
  const others = await Promise.all(
    beside.map(async ({ job: other, comesTo }) => ({ comesTo, result: await other.over })),
  )
  await fault.mend?.(scene)
  for (const server of [production, candidate]) {
    server.behaviour = { kind: 'well' }
    server.onChat = () => {}
    server.onProbe = () => {}
  }
  memory.look = (await lookAt(world.paths.store)) ?? emptyLook
  const outcome = outcomeOf(result)
  const where = `night ${night} (${fault.name})`
  const jobs = [
    { result, outcome, comesTo: fault.comesTo },
    ...others.map((each) => ({ ...each, outcome: outcomeOf(each.result) })),
  ]
  for (const each of jobs) memory.jobs.push({ clockMs, came: each.outcome.came })
  checks.expect('every fault struck', fault.isQuiet === true || strike.atMs !== null || notes.length > 0, where)
  await checkJob({ world, checks, fault, night, where, jobs, before, struckMs: strike.atMs })
  const runId = outcome.runId
  const run = memory.look.runs.find(({ id }) => id === runId)
  const accountOf = (each: (typeof jobs)[number], requests: number, pairs: number | null): Account => ({
    night,
    at: new Date(clockMs).toISOString(),
    fault: fault.name,
    came: each.outcome.came,
    decision: each.outcome.decision,
    status: each.result.status,
    seconds: each.result.seconds,
    requests,
    pairs,
    storeMb: memory.look.bytes / 1e6,
    note: [...notes, each.outcome.because].filter((text) => text !== null).join('; '),
  })
  const [main, ...rest] = jobs
  const requests = production.heard.length + candidate.heard.length
  return [
    ...(main ? [accountOf(main, requests, run?.measuredPairs ?? null)] : []),
    ...rest.map((each) => accountOf(each, 0, null)),
  ]
}

function writeConfigOf({ folder, production, candidate, candidateModel }: World): void {
  writeConfig({ folder, production: production.url, candidate: candidate.url, candidateModel })
}

/** Chats that the night makes, where it has nothing left to go on with. */
function aboutCalls({ memory, traffic }: World): number {
  const judged = new Set(judgedRuns(memory).flatMap(({ id }) => [...(memory.asked.get(id) ?? [])]))
  const fresh = [...traffic.readable()].filter((ticket) => !judged.has(ticket)).length
  return Math.round(2 * (1 + noise) * (fresh + (judged.size > 0 ? cohort : 0)))
}

// The simulated month: each night a day of traffic, a fault, a job, and a look at everything from the outside.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createChecks, type Invariant } from './checks.ts'
import { createDisk, type Disk } from './disk.ts'
import { checkEnd } from './end-checks.ts'
import type { Came } from './fault.ts'
import { faults } from './faults.ts'
import { loadMaterial } from './material.ts'
import { startModelServer } from './model-server.ts'
import { passNight } from './night.ts'
import { startReceiver } from './receiver.ts'
import { createTraffic } from './traffic.ts'
import { emptyMemory, pathsIn, type World } from './world.ts'

export interface MonthOptions {
  readonly seed: number
  /** Names of faults, one for each night. */
  readonly plan: readonly string[]
  /** Empty; left to whoever made it. */
  readonly folder: string
  readonly cli: string
  /** Whether the store's folder may be made a file system of its own. */
  readonly mayMount: boolean
  /** Told of each job as it ends. */
  readonly onAccount: (account: Account) => void
}

/** One start of the command line, as the account of nights has it. */
export interface Account {
  readonly night: number
  /** By the night's own clock. */
  readonly at: string
  readonly fault: string
  readonly came: Came
  readonly decision: string | null
  readonly status: number | null
  readonly seconds: number
  /** That reached the servers, of both arms. */
  readonly requests: number
  /** Of the run that it judged. */
  readonly pairs: number | null
  readonly storeMb: number
  readonly note: string
}

export interface Month {
  readonly disk: Disk['kind']
  readonly nights: readonly Account[]
  readonly invariants: readonly Invariant[]
  readonly messages: number
  readonly seconds: number
}

/** Room for a store, and for another beside it while retention writes. */
const diskMb = 128

export async function soakMonth(options: MonthOptions): Promise<Month> {
  const startedMs = performance.now()
  const { plan, onAccount } = options
  const world = await openWorld(options)
  const checks = createChecks()
  const nights: Account[] = []
  try {
    for (const [index, name] of plan.entries()) {
      const fault = faults.get(name)
      if (!fault) throw new Error(`there is no fault called ${name}; there is ${[...faults.keys()].join(', ')}`)
      for (const account of await passNight({ world, checks, fault, night: index + 1 })) {
        nights.push(account)
        onAccount(account)
      }
    }
    await checkEnd(world, checks)
  } finally {
    await closeWorld(world)
  }
  const seconds = (performance.now() - startedMs) / 1000
  return { disk: world.disk.kind, nights, invariants: checks.all(), messages: world.receiver.messages.length, seconds }
}

async function openWorld({ seed, folder, cli, mayMount }: MonthOptions): Promise<World> {
  const paths = pathsIn(folder)
  for (const each of [paths.logs, paths.data, join(folder, 'tmp')]) mkdirSync(each, { recursive: true })
  const material = loadMaterial(seed)
  return {
    folder,
    cli,
    seed,
    paths,
    disk: createDisk({ data: paths.data, megabytes: diskMb, mayMount }),
    receiver: await startReceiver(),
    traffic: createTraffic(paths.logs, material, seed),
    production: await startModelServer(material, 'production', seed),
    candidate: await startModelServer(material, 'equal', seed + 1),
    candidateModel: 'gpt-4-0613',
    memory: emptyMemory(),
  }
}

async function closeWorld({ production, candidate, receiver, disk }: World): Promise<void> {
  await Promise.all([production.goDown(), candidate.goDown(), receiver.close()])
  disk.remove()
}

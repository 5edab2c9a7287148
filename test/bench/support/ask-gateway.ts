// Users of a gateway, in a process of their own, and what the gateway spent on them.

import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { UsersTiming } from '../children/users.ts'
import { type Gateway, type GatewayLog, otherCore } from './gateways.ts'
import { cpuTimeOf } from './thread-cpu.ts'

export interface Users {
  readonly requests: number
  /** At a time. */
  readonly concurrency: number
  readonly isStreamed: boolean
}

export interface Measured extends UsersTiming {
  /** Processor time for each request; null where no process stands between. */
  readonly cpuUs: number | null
  readonly servingUs: number | null
  /** From the last answer until the log held all that it came to hold; null where nothing is logged. */
  readonly behindSeconds: number | null
  /** Lines that the log never got: what was served and not read. */
  readonly unlogged: number | null
}

/** Users ask so many before their clocks run. */
const askedFirst = 500
/** In which a proxy without a log comes to its end. */
const restMs = 700
/** A log that has not grown for so long gets no more. */
const stillMs = 3000

export async function askGateway(gateway: Gateway, { requests, concurrency, isStreamed }: Users): Promise<Measured> {
  const { base, headers, pid } = gateway
  const before = pid === null ? null : cpuTimeOf(pid)
  const linesBefore = gateway.log?.lines() ?? 0
  const asked = Math.ceil(requests)
  const words = [
    String(asked),
    String(concurrency),
    isStreamed ? 'yes' : 'no',
    JSON.stringify(headers),
    String(askedFirst),
  ]
  const script = fileURLToPath(new URL('../children/users.ts', import.meta.url))
  const { stdout } = await promisify(execFile)('taskset', ['-c', otherCore, process.execPath, script, base, ...words])
  const timing = JSON.parse(stdout) as UsersTiming
  const unknown = { cpuUs: null, servingUs: null, behindSeconds: null, unlogged: null }
  if (pid === null || before === null) return { ...timing, ...unknown }
  const all = asked + askedFirst
  const logged = gateway.log && (await whenLogged(gateway.log, linesBefore + all * gateway.log.linesPerRequest))
  if (logged === null) await pause(restMs)
  const after = cpuTimeOf(pid)
  return {
    ...timing,
    behindSeconds: logged && Math.max(0, logged.atMs - timing.endedAtMs) / 1000,
    unlogged: logged && logged.missing,
    cpuUs: (after.allUs - before.allUs) / all,
    servingUs: (after.firstUs - before.firstUs) / all,
  }
}

/** When the log held so many lines, or had grown for the last time, and how many are missing then. */
async function whenLogged({ lines }: GatewayLog, wanted: number): Promise<{ atMs: number; missing: number }> {
  let [count, atMs] = [lines(), Date.now()]
  while (count < wanted && Date.now() - atMs < stillMs) {
    await pause(10)
    const now = lines()
    if (now > count) [count, atMs] = [now, Date.now()]
  }
  return { atMs, missing: wanted - count }
}

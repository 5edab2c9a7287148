// Users of a gateway, in a process of their own, and what the gateway spent on them.

import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { UsersTiming } from '../children/users.ts'
import { type Gateway, otherCore } from './gateways.ts'
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
}

/** In which the router reads what it has served. */
const restMs = 700

export async function askGateway(gateway: Gateway, { requests, concurrency, isStreamed }: Users): Promise<Measured> {
  const { base, headers, pid } = gateway
  const before = pid === null ? null : cpuTimeOf(pid)
  const asked = Math.ceil(requests)
  const words = [String(asked), String(concurrency), isStreamed ? 'yes' : 'no', JSON.stringify(headers)]
  const script = fileURLToPath(new URL('../children/users.ts', import.meta.url))
  const { stdout } = await promisify(execFile)('taskset', ['-c', otherCore, process.execPath, script, base, ...words])
  const timing = JSON.parse(stdout) as UsersTiming
  if (pid === null || before === null) return { ...timing, cpuUs: null, servingUs: null }
  await pause(restMs)
  const after = cpuTimeOf(pid)
  // Users ask some before their clocks run.
  const all = asked + Math.min(500, asked)
  return {
    ...timing,
    cpuUs: (after.allUs - before.allUs) / all,
    servingUs: (after.firstUs - before.firstUs) / all,
  }
}

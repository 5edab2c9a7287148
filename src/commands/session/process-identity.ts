// Who this process is, and whether another one of this machine still runs.

import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { ProcessIdentity } from '../../core/night-event.ts'
import type { Sight } from '../../core/nights.ts'

/** Linux tells boot, birth and numbering space in /proc; elsewhere a number and a name have to do. */
export function thisProcess(): ProcessIdentity {
  const boot = textOf('/proc/sys/kernel/random/boot_id')
  const ticks = ticksOf(process.pid)
  return {
    pid: process.pid,
    host: hostname(),
    born: boot === null || ticks === null ? null : { boot: boot.trim().slice(0, 8), ticks },
    space: linkOf('/proc/self/ns/pid'),
  }
}

export function sightOf(own: ProcessIdentity): Sight {
  return { own, ticksOf, isThere }
}

/** Clock ticks from the machine's start to the process's. */
function ticksOf(pid: number): number | null {
  const stat = textOf(`/proc/${pid}/stat`)
  // The program's name is in brackets, and may hold spaces and brackets itself.
  const ticks = Number(
    stat
      ?.slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19),
  )
  return Number.isInteger(ticks) ? ticks : null
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}

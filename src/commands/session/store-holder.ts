// Who holds the store: a note beside it, which counts only while DuckDB's own lock says that somebody does.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Fault } from '../../core/fault.ts'
import type { ProcessIdentity } from '../../core/night-event.ts'
import { standingOf } from '../../core/nights.ts'
import { instant, span } from '../../report/format.ts'
import { readNights } from '../night/journal.ts'
import { askReplay } from '../replay/control-door.ts'
import type { World } from '../world.ts'
import { sightOf, thisProcess } from './process-identity.ts'

interface Holder {
  readonly process: ProcessIdentity
  readonly since: string
  /** "run", "browse". */
  readonly command: string
}

function notePath(storePath: string): string {
  return join(dirname(storePath), `.${basename(storePath)}.holder`)
}

/** Leaves the note for others to read; what is given back takes it away, while the store is still held. */
export function noteHolder(storePath: string, { command, nowMs }: { command: string; nowMs: number }): () => void {
  const path = notePath(storePath)
  const holder: Holder = { process: thisProcess(), since: new Date(nowMs).toISOString(), command }
  try {
    writeFileSync(path, `${JSON.stringify(holder)}\n`)
  } catch {
    // Whoever is kept out learns less; that is no reason to stop. A full disk leaves an empty one.
    takeAway(path)
    return () => {}
  }
  return () => takeAway(path)
}

/** A folder of that name, or a note that may not be removed, is no reason to stop either. */
function takeAway(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // A note that stays counts for nothing: its process is gone.
  }
}

/** The fault of a store that is in use, saying by whom, since when, and what for, as far as that is known. */
export async function heldFault(storePath: string, fault: Fault, world: World): Promise<Fault> {
  const holder = holderOf(storePath, pidIn(fault))
  if (holder === null) return fault
  const since = Date.parse(holder.since)
  // A clock that was turned back since would make it less than nothing.
  const lasted = world.clock.now() >= since ? ` (${span(world.clock.now() - since)})` : ''
  const doing = await doingOf(storePath, holder, world)
  const message = `the store is in use by ${nameOf(holder)} since ${instant(holder.since)}${lasted}${doing === null ? '' : `: ${doing}`}`
  return new Fault('STORE_LOCKED', message, { place: storePath, cause: fault })
}

/** As DuckDB names it; 0 where it can't. */
function pidIn(fault: Fault): number {
  return Number(/process (\d+)/.exec(fault.message)?.[1] ?? 0)
}

/** null where the note is missing, or was left by another than the one that DuckDB's lock names. */
function holderOf(storePath: string, lockedBy: number): Holder | null {
  const note = noteBeside(storePath)
  if (note === null) return null
  const standing = standingOf(note.process, sightOf(thisProcess()))
  if (standing === 'elsewhere') return note
  return standing === 'alive' && (lockedBy === 0 || lockedBy === note.process.pid) ? note : null
}

function noteBeside(storePath: string): Holder | null {
  try {
    const note = JSON.parse(readFileSync(notePath(storePath), 'utf8')) as Partial<Holder> | null
    const { process, since, command } = note ?? {}
    const isWhole = typeof process?.pid === 'number' && typeof process.host === 'string' && typeof command === 'string'
    return isWhole && typeof since === 'string' ? { process, since, command } : null
  } catch {
    return null
  }
}

function nameOf({ process, command }: Holder): string {
  const own = thisProcess()
  const name = `process ${process.pid} (shadowgate ${command})`
  if (process.host !== own.host) return `${name} on ${process.host}`
  return process.space === own.space ? `${name} on this machine` : `${name} in another container`
}

/** A replay answers a moment's question. */
const patienceMs = 1000

/** What a replay says of itself, else the stage that the journal names last; null where neither is known. */
async function doingOf(storePath: string, { process }: Holder, { clock }: World): Promise<string | null> {
  const asked = askReplay(storePath, { action: 'status' }).catch(() => null)
  const status = await Promise.race([asked, clock.sleep(patienceMs).then(() => null)])
  if (status !== null && 'text' in status) return String(status.text).replaceAll(/ {2,}/g, ' ')
  const night = readNights(storePath).findLast(
    (each) => each.state === 'running' && each.process.pid === process.pid && each.process.host === process.host,
  )
  return night?.stage ? `the stage ${night.stage}` : null
}

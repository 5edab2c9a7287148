// Who holds a rollout's journal: a note beside it, so that no two routers ever write one.

import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Clock } from '../../../core/clock.ts'
import { Fault, thrownMessage } from '../../../core/fault.ts'
import type { ProcessIdentity } from '../../../core/night-event.ts'
import { standingOf } from '../../../core/nights.ts'
import { sightOf, thisProcess } from '../../session/process-identity.ts'

interface Note {
  readonly process: ProcessIdentity
  readonly since: string
}

export interface Holding {
  readonly clock: Clock
  readonly onTrouble: (message: string) => void
}

/** A holder touches its note this often. */
const touchEveryMs = 1000
/** Whom nobody here can look at, on another machine or in another container, is gone once its note was untouched for so long. */
const patienceMs = 5000

export function holderNoteOf(journalPath: string): string {
  return join(dirname(journalPath), `.${basename(journalPath)}.holder`)
}

/** Gives what lets go of it again. Faults: JOURNAL_HELD, JOURNAL_UNUSABLE. */
export async function holdJournal(journalPath: string, { clock, onTrouble }: Holding): Promise<() => void> {
  const path = holderNoteOf(journalPath)
  const own = thisProcess()
  const text = `${JSON.stringify({ process: own, since: new Date(clock.now()).toISOString() } satisfies Note)}\n`
  for (;;) {
    const trouble = putNote(path, text)
    if (trouble === null) break
    const there = textAt(path)
    if (there === null) {
      // A full disk keeps no router from its users.
      onTrouble(`nothing keeps a second router from this journal: ${trouble}`)
      return () => {}
    }
    const note = noteIn(there)
    const standing = note === null ? 'elsewhere' : standingOf(note.process, sightOf(own))
    if (standing === 'alive') throw heldFault(journalPath, note)
    if (standing === 'elsewhere') {
      onTrouble(`waiting ${patienceMs / 1000} s for whether ${nameOf(note)} still holds the journal`)
      const before = touchedMs(path)
      await clock.sleep(patienceMs)
      if (touchedMs(path) !== before) throw heldFault(journalPath, note)
    }
    takeAway(path, there)
  }
  const touching = setInterval(() => touch(path), touchEveryMs)
  touching.unref()
  return () => {
    clearInterval(touching)
    takeAway(path, text)
  }
}

/** The note is there with all of its text, or not at all. null: it is; else what keeps it from being there. */
function putNote(path: string, text: string): string | null {
  const draft = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(draft, text, { mode: 0o600 })
    linkSync(draft, path)
    return null
  } catch (error) {
    return thrownMessage(error)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Subtle: it is moved before it is looked at, so that of two who take away a dead one's note neither takes away the other's new one. */
function takeAway(path: string, text: string): void {
  const aside = `${path}.${process.pid}.old`
  try {
    renameSync(path, aside)
    if (textAt(aside) !== text) linkSync(aside, path)
  } catch {
    // Somebody else was faster.
  } finally {
    rmSync(aside, { force: true })
  }
}

function textAt(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function noteIn(text: string): Note | null {
  try {
    const note = JSON.parse(text) as Partial<Note> | null
    const { process: holder, since } = note ?? {}
    return typeof holder?.pid === 'number' && typeof holder.host === 'string' && typeof since === 'string'
      ? { process: holder, since }
      : null
  } catch {
    return null
  }
}

function touchedMs(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null
}

function touch(path: string): void {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch {
    // Who took it away has to answer for it.
  }
}

function nameOf(note: Note | null): string {
  if (note === null) return 'another process'
  const { pid, host } = note.process
  return host === thisProcess().host ? `process ${pid} (shadowgate serve)` : `process ${pid} on ${host}`
}

function heldFault(journalPath: string, note: Note | null): Fault {
  const since = note === null ? '' : ` since ${note.since}`
  return new Fault('JOURNAL_HELD', `the journal is held by ${nameOf(note)}${since}`, { place: journalPath })
}

// The journal of a rollout on the disk: each line is there before anybody acts on it, but for a rollback, which no disk may hold up.

import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { eventIn, eventsIn, lineOf, type ReadJournal } from '../../../canary/ramp/journal.ts'
import { Fault, thrownMessage } from '../../../core/fault.ts'
import type { RampEvent } from '../../../core/rollout.ts'
import { keptIn, openRollbackSlot } from './rollback-slot.ts'

/** `path` → the file that keeps a rollback for which the disk had no room. */
function slotOf(path: string): string {
  return `${path}.rollback`
}

/** With the rollback that it is owed, if there is one; empty where there is none yet. Fault: JOURNAL_UNUSABLE. */
export function readJournal(path: string): ReadJournal {
  const text = textAt(path)
  // A journal that was taken away is owed it as well.
  const owed = owedTo(text, keptIn(slotOf(path)))
  return eventsIn(owed === null ? text : `${text}\n${lineOf(owed)}`)
}

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw unusable(path, error)
  }
}

/** A kill between the journal's line and clearing the slot leaves both. */
function owedTo(text: string, kept: RampEvent | null): RampEvent | null {
  if (kept === null) return null
  // By its time: where the whole had no room in the slot, it is in the journal in other words.
  const isKept = (event: RampEvent | null) => event?.kind === kept.kind && event.at === kept.at
  return text.split('\n').some((line) => isKept(eventIn(line))) ? null : kept
}

export interface JournalFile {
  /**
   * Fault: JOURNAL_UNUSABLE where it can't be written, and then nothing of it is there but a torn line. A rollback throws nothing: it is
   * told as a trouble, kept in the slot beside the journal, and written as soon as that can be done.
   */
  readonly write: (event: RampEvent) => void
  /** Writes what is owed, if there is room now. */
  readonly settle: () => void
  readonly close: () => void
}

/** Fault: JOURNAL_UNUSABLE. */
export function openJournal(path: string, onTrouble: (message: string) => void): JournalFile {
  let file = openedAt(path, 'a')
  let text = readFileSync(path, 'utf8')
  const kept = owedTo(text, keptIn(slotOf(path)))
  const slot = openRollbackSlot(slotOf(path))
  if (kept === null) slot.clear()
  let owed = kept === null ? null : lineOf(kept)
  let isTorn = text !== '' && !text.endsWith('\n')

  /** Whoever took the file away took a copy at most: what it held is written again. Another file in its place is nobody's to write. */
  function requireOwnFile(): void {
    const there = statSync(path, { throwIfNoEntry: false })
    const own = fstatSync(file)
    if (there !== undefined && (there.ino !== own.ino || there.dev !== own.dev))
      throw new Error('another file has taken its place; move that away, and it is written anew')
    if (there !== undefined && (own.size > 0 || text === '')) return
    if (there === undefined) {
      const next = openedAt(path, 'ax')
      closeSync(file)
      file = next
    }
    try {
      writeWhole(file, text)
    } catch (error) {
      // A part of a journal would pass for the whole after a kill.
      rmSync(path, { force: true })
      throw error
    }
  }

  function append(line: string): void {
    try {
      requireOwnFile()
      // A line that was cut off must not swallow the next one.
      const added = isTorn ? `\n${line}` : line
      isTorn = true
      writeWhole(file, added)
      isTorn = false
      text += added
    } catch (error) {
      throw unusable(path, error)
    }
  }

  function settle(): void {
    if (owed === null) return
    append(owed)
    owed = null
    slot.clear()
  }

  return {
    write: (event) => {
      try {
        settle()
        append(lineOf(event))
      } catch (error) {
        if (event.kind !== 'rolled-back') throw error
        owed = lineOf(event)
        const where = slot.write(event)
          ? `it stands in ${slotOf(path)} until there is room`
          : 'it stands nowhere on the disk: a restart before there is room would not know of it'
        onTrouble(`the rollback is in force; ${thrownMessage(error)}; ${where}`)
      }
    },
    settle: () => {
      try {
        settle()
      } catch {
        // It was told when it began.
      }
    },
    close: () => {
      closeSync(file)
      slot.close(owed === null)
    },
  }
}

function openedAt(path: string, flags: 'a' | 'ax'): number {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return openSync(path, flags, 0o600)
  } catch (error) {
    throw unusable(path, error)
  }
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text)
  let written = 0
  while (written < bytes.length) written += writeSync(file, bytes, written)
  fsyncSync(file)
}

function unusable(path: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause
  const why = thrownMessage(cause)
  return new Fault('JOURNAL_UNUSABLE', `the journal can't be used: ${why}`, { place: path, cause })
}

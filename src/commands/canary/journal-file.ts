// The journal of a rollout on the disk: each line is there before anybody acts on it.

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { eventsIn, lineOf, type ReadJournal } from '../../canary/journal.ts'
import { Fault } from '../../core/fault.ts'
import type { RampEvent } from '../../core/rollout.ts'

/** Empty where there is none yet. Fault: JOURNAL_UNUSABLE. */
export function readJournal(path: string): ReadJournal {
  try {
    return eventsIn(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { events: [], torn: [] }
    throw unusable(path, error)
  }
}

export interface JournalFile {
  /** Fault: JOURNAL_UNUSABLE where it can't be written, and then nothing of it is there but a torn line. */
  readonly write: (event: RampEvent) => void
  readonly close: () => void
}

/** Fault: JOURNAL_UNUSABLE. */
export function openJournal(path: string): JournalFile {
  let file: number
  try {
    mkdirSync(dirname(path), { recursive: true })
    file = openSync(path, 'a', 0o600)
  } catch (error) {
    throw unusable(path, error)
  }
  let isTorn = endsTorn(path)
  return {
    write: (event) => {
      // A line that was cut off must not swallow the next one.
      const text = isTorn ? `\n${lineOf(event)}` : lineOf(event)
      isTorn = true
      try {
        const bytes = Buffer.from(text)
        let written = 0
        while (written < bytes.length) written += writeSync(file, bytes, written)
        fsyncSync(file)
      } catch (error) {
        throw unusable(path, error)
      }
      isTorn = false
    },
    close: () => closeSync(file),
  }
}

function endsTorn(path: string): boolean {
  const text = readFileSync(path)
  return text.length > 0 && text.at(-1) !== 0x0a
}

function unusable(path: string, cause: unknown): Fault {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Fault('JOURNAL_UNUSABLE', `the journal can't be used: ${why}`, { place: path, cause })
}

// Room for one rollback on a disk that is full: taken while there is some, and written over in place.

import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { eventsIn, lineOf } from '../../../canary/ramp/journal.ts'
import type { RampEvent } from '../../../core/rollout.ts'

const bytes = 4096
const empty = Buffer.alloc(bytes, ' ')

type RolledBack = Extract<RampEvent, { kind: 'rolled-back' }>

export interface RollbackSlot {
  /** Whether it stands on the disk. */
  readonly write: (event: RolledBack) => boolean
  /** Takes the room, too. */
  readonly clear: () => void
  /** Gives the room back, unless something stands in it. */
  readonly close: (isEmpty: boolean) => void
}

/** Where no room can be taken either, `write` says so. */
export function openRollbackSlot(path: string): RollbackSlot {
  const file = openedAt(path)
  return {
    write: (event) => file !== null && written(file, textOf(event)),
    clear: () => {
      if (file !== null) written(file, empty)
    },
    close: (isEmpty) => {
      if (file === null) return
      closeSync(file)
      if (isEmpty) rmSync(path, { force: true })
    },
  }
}

/** What was written and not cleared; null where nothing was. */
export function keptIn(path: string): RampEvent | null {
  try {
    return eventsIn(readFileSync(path, 'utf8')).events.at(0) ?? null
  } catch {
    return null
  }
}

/** Not for appending, and not emptied: its blocks are what it is for. */
function openedAt(path: string): number | null {
  for (const flags of ['r+', 'wx+']) {
    try {
      return openSync(path, flags, 0o600)
    } catch {
      // Not there yet, or there meanwhile.
    }
  }
  return null
}

function written(file: number, text: Buffer): boolean {
  try {
    const isWhole = writeSync(file, text, 0, text.length, 0) === text.length
    fsyncSync(file)
    return isWhole
  } catch {
    return false
  }
}

/** Of a fixed length. Where the evidence has no room in it, what was decided has. */
function textOf(event: RolledBack): Buffer {
  const whole = Buffer.from(lineOf(event))
  const short = { ...event, because: event.because.slice(0, 500), evaluation: null, tripped: null }
  const text = whole.length <= bytes ? whole : Buffer.from(lineOf(short))
  return Buffer.concat([text, empty.subarray(text.length)])
}

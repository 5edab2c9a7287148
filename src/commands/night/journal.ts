// The journal of nights: a file of JSON lines beside the store, so that a night is accounted for that could not open it.

import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { thrownMessage } from '../../core/fault.ts'
import { eventsOf, lineOf, type NightEvent } from '../../core/night-event.ts'
import { type JournalNight, nightsOf, standingOf } from '../../core/nights.ts'
import { sightOf, thisProcess } from '../session/process-identity.ts'
import { besideStore } from '../session/store-file.ts'

/** `reports/shadowgate.duckdb` → `reports/shadowgate.nights.jsonl` */
export function journalPath(storePath: string): string {
  return besideStore(storePath, 'nights.jsonl')
}

/** The nights that are told of beside a store, the oldest first; none where there is no journal or it can't be read. */
export function readNights(storePath: string): JournalNight[] {
  const sight = sightOf(thisProcess())
  return nightsOf(readEvents(storePath), (process) => standingOf(process, sight) === 'gone')
}

function readEvents(storePath: string): NightEvent[] {
  try {
    // Bytes that are no UTF-8 become a mark, and their line no event.
    return eventsOf(readFileSync(journalPath(storePath), 'utf8'))
  } catch {
    return []
  }
}

/** Adds an event. What keeps it from being written is given back: a night goes on without its journal. */
export function writeEvent(storePath: string, event: NightEvent): string | null {
  const path = journalPath(storePath)
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(path, 'a+')
    try {
      append(file, lineOf(event))
    } finally {
      closeSync(file)
    }
    return null
  } catch (error) {
    return `the journal can't be written: ${thrownMessage(error)}`
  }
}

/** One write of one whole line: what two processes write at once stays two lines. */
function append(file: number, line: string): void {
  const bytes = Buffer.from(endsInALine(file) ? line : `\n${line}`)
  const written = writeSync(file, bytes)
  if (written < bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes were taken`)
  fsyncSync(file)
}

/** False after a line that was torn off: what is added next begins a line of its own. */
function endsInALine(file: number): boolean {
  const { size } = fstatSync(file)
  if (size === 0) return true
  const last = Buffer.alloc(1)
  readSync(file, last, 0, 1, size - 1)
  return last[0] === 0x0a
}

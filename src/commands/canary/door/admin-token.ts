// The token of the router's door: the operator's own, or one that each start makes and leaves for the owner of its folder to read.

import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Fault } from '../../../core/fault.ts'
import type { Session } from '../../session/session.ts'

export interface DoorFile {
  readonly port: number
  readonly token: string
}

/** Beside the journal. */
export function doorFileOf(journalPath: string): string {
  return `${journalPath}.door`
}

/** A variable that is empty is one that nobody filled in: an empty token would open the door to whoever brings none. */
export function tokenOf({ config, world }: Pick<Session, 'config' | 'world'>): string {
  const { env } = config.canary.admin.tokenFrom
  return world.env[env]?.trim() || randomBytes(24).toString('base64url')
}

export function writeDoorFile(path: string, door: DoorFile): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(door), { mode: 0o600 })
}

export function removeDoorFile(path: string): void {
  rmSync(path, { force: true })
}

/** Fault: NOT_RUNNING. */
export function readDoorFile(path: string): DoorFile {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DoorFile
  } catch (error) {
    throw new Fault('NOT_RUNNING', 'no router runs here', {
      place: path,
      hint: 'shadowgate serve starts one',
      cause: error,
    })
  }
}

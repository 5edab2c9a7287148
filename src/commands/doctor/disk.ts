// The disk: room for what a night adds, and for a copy of the store where retention writes it anew.

import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { exitStatus } from '../../core/fault.ts'
import { fileSize } from '../../report/format.ts'
import { isRetentionOn } from '../gc/retention.ts'
import type { Session } from '../session/session.ts'
import { storeBytes } from '../session/store-file.ts'
import { type Check, doubtful, fine, wrong } from './check.ts'

/** Texts of both arms, twice, measures and the report's share: chats of the demo take a third. */
const bytesPerPair = 20_000
const leastBytes = 200e6
const comfortableNights = 30

export const disk = {
  name: 'disk',
  look: async ({ session }) => {
    const free = freeAt(session.storePath)
    const size = storeBytes(session.storePath) ?? 0
    const night = Math.max(leastBytes, session.config.sample.size * bytesPerPair)
    const needed = night + (isRetentionOn(session.config) ? size : 0)
    const says = `${fileSize(free)} free; the store has ${fileSize(size)}, a night needs about ${fileSize(needed)}`
    if (free < needed)
      return [wrong(says, 'make room, or let retention take more: shadowgate gc', exitStatus.unavailable)]
    return [
      free < needed + comfortableNights * night && !hasBound(session)
        ? doubtful(says, 'set retention.maxStoreMb, or give it more room')
        : fine(says),
    ]
  },
} satisfies Check

function hasBound({ config }: Session): boolean {
  return config.retention.maxStoreMb !== undefined
}

function freeAt(path: string): number {
  let folder = dirname(path)
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

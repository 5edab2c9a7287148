// What a receiver still has to be told, because it could not be reached or the job was killed: kept beside the store until it was.

import { readFileSync, rmSync } from 'node:fs'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { thrownMessage } from '../../core/fault.ts'
import type { Missed } from '../../notify/news.ts'
import { besideStore } from '../session/store-file.ts'

/** By the receiver's name. */
export type Untold = Readonly<Record<string, Missed>>

const untoldFile = z.record(z.string(), z.object({ headline: z.string(), at: z.string() }))

function untoldPath(storePath: string): string {
  return besideStore(storePath, 'untold.json')
}

/** Nothing where there is no such file, or none that can be read: then a message is lost, and no night. */
export function readUntold(storePath: string): Untold {
  try {
    return untoldFile.safeParse(JSON.parse(readFileSync(untoldPath(storePath), 'utf8'))).data ?? {}
  } catch {
    return {}
  }
}

/** What keeps it from being written is given back. */
export function writeUntold(storePath: string, untold: Untold): string | null {
  const path = untoldPath(storePath)
  try {
    if (Object.keys(untold).length === 0) rmSync(path, { force: true })
    else writeFileAtomic.sync(path, `${JSON.stringify(untold, null, 2)}\n`)
    return null
  } catch (error) {
    return thrownMessage(error)
  }
}

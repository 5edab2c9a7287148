// As much of some logs as tells what they are like: the newest files, and of one that is too large its beginning.

import { copyFile, open, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { LogFile } from '../../ingest/find.ts'

export interface SizedLog extends LogFile {
  readonly bytes: number
}

/** More is not read: what a part of a log says of sizes and models, all of it says. */
const mostBytes = 128 * 1024 * 1024

/** `logs`: the newest first. Files that have to be cut are copied into `folder`. */
export async function partsOf(logs: readonly SizedLog[], folder: string): Promise<readonly SizedLog[]> {
  const parts: SizedLog[] = []
  let room = mostBytes
  for (const log of logs) {
    if (log.bytes <= room) parts.push(log)
    else if (parts.length === 0) parts.push(await beginningOf(log, folder, room))
    else break
    room -= log.bytes
  }
  return parts
}

async function beginningOf(log: SizedLog, folder: string, bytes: number): Promise<SizedLog> {
  const copy = join(folder, basename(log.path))
  const handle = await open(log.path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0)
    // A Parquet file says at its end what it holds: all of it, or nothing.
    if (buffer.toString('latin1', 0, 4) === 'PAR1') {
      await copyFile(log.path, copy)
      return { ...log, path: copy, bytes: (await stat(copy)).size }
    }
    await writeFile(copy, buffer.subarray(0, bytesRead))
    return { ...log, path: copy, bytes: bytesRead }
  } finally {
    await handle.close()
  }
}

// Memory for work that reads texts whole and writes them elsewhere.

import type { Database } from './database.ts'
import { useRoom } from './records.ts'

const leastMb = 192
const mostMb = 4096
/** Measured: what is read, what is written and the arrays that grow as they double, for so many bytes at once. */
const copiesHeld = 6

/** One thread, since each would hold as much; and the memory that `bytesAtOnce` of texts take. */
export async function whileCopying<T>(db: Database, bytesAtOnce: number, work: () => Promise<T>): Promise<T> {
  const mb = Math.min(mostMb, leastMb + Math.ceil((copiesHeld * bytesAtOnce) / 1e6))
  await db.run(`SET threads = 1; SET memory_limit = '${mb}MB'`)
  try {
    return await work()
  } finally {
    await db.run('RESET threads')
    await useRoom(db)
  }
}

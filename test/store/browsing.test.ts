// Whoever browses takes little memory, unless texts are too long for that.

import { expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { whileBrowsing } from '../../src/store/records.ts'
import { storePath } from '../support/stores.ts'

async function limitOf(db: Database): Promise<string> {
  const [row] = await db.all("SELECT current_setting('memory_limit') AS said, current_setting('threads') AS threads")
  return `${String(row?.['said'])}, ${String(row?.['threads'])} thread`
}

/** Takes more than 64 MB, and less than 192. */
const hungry = (db: Database) => db.all('SELECT len(list(range)) AS size FROM range(4000000)')

it('reads in little memory, and in more from then on where that does not do', async () => {
  const db = await openDatabase(storePath())
  try {
    expect(await whileBrowsing(db, () => limitOf(db))).toBe('61.0 MiB, 1 thread')
    await expect(hungry(db)).rejects.toThrow(/Out of Memory/)
    expect(await whileBrowsing(db, () => hungry(db))).toEqual([{ size: 4_000_000n }])
    expect(await whileBrowsing(db, () => limitOf(db))).toBe('183.1 MiB, 1 thread')
    const broken = whileBrowsing(db, () => db.all('SELECT nothing'))
    await expect(broken).rejects.toThrow(/nothing/)
  } finally {
    db.close()
  }
})

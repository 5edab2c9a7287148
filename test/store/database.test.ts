// Opening: one process at a time, one schema, and clear words for files that are no store.

import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, test } from 'vitest'
import { Fault, type FaultCode } from '../../src/core/fault.ts'
import { openDatabase } from '../../src/store/database.ts'
import { openStore } from '../../src/store/store.ts'
import { recordOf } from '../support/nouns.ts'
import { openedStore, startStoreChild, storePath } from '../support/stores.ts'

/** The fault that opening gives; fails where it gives none. */
async function faultOf(path: string): Promise<Fault> {
  const error = await openStore(path).then(
    (store) => {
      store.close()
      return null
    },
    (thrown: unknown) => thrown,
  )
  if (error instanceof Fault) return error
  throw new Error(`no fault but ${String(error)}`)
}

const shown = ({ code, message, place }: Fault) => ({ code, message, place })
const fault = (code: FaultCode, message: RegExp, place: string) => ({
  code,
  message: expect.stringMatching(message),
  place,
})

/** A store of some size, closed. */
async function writtenStore(): Promise<string> {
  const path = storePath()
  const store = await openedStore(path)
  await store.addRecords(
    Array.from({ length: 3000 }, (_, index) => recordOf(`r${index}`, { cluster: `${index} of many` })),
  )
  store.close()
  return path
}

async function inDuckdb(path: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}

describe('opening', () => {
  test('twice in one process throws, however the path is written and however close together', async () => {
    const path = storePath()
    const opening = await Promise.allSettled([openStore(path), openStore(path)])
    expect(opening.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expect(openStore(relative(process.cwd(), path))).rejects.toThrow(/open already/)
    for (const each of opening) if (each.status === 'fulfilled') each.value.close()
    await openedStore(path)
  })

  test('in vain leaves the path free', async () => {
    const path = storePath()
    writeFileSync(path, 'not a database, and longer than the header that one begins with'.repeat(100))
    expect((await faultOf(path)).code).toBe('STORE_UNUSABLE')
    rmSync(path)
    await openedStore(path)
  })

  test('while another process holds it names that process', async () => {
    const path = storePath()
    const child = startStoreChild(path, 'hold')
    await child.until((line) => line === 'held')
    const locked = await faultOf(path)
    expect(shown(locked)).toEqual(fault('STORE_LOCKED', new RegExp(`in use by process ${child.pid} \\(.*node`), path))
    expect(locked.status).toBe(69)
    await child.kill()
    await openedStore(path)
  })

  test('brings a schema up once: the second time changes nothing', async () => {
    const path = await writtenStore()
    const store = await openedStore(path)
    expect(await store.recordOutlines()).toHaveLength(3000)
  })

  test('a store of a newer shadowgate is left alone', async () => {
    const path = await writtenStore()
    await inDuckdb(path, "INSERT INTO schema_version VALUES (999, TIMESTAMP '2030-01-01')")
    const newer = await faultOf(path)
    expect(shown(newer)).toEqual(fault('STORE_UNUSABLE', /newer shadowgate \(schema 999/, path))
    expect(newer.hint).toMatch(/update shadowgate/)
  })

  test('a folder name of locks does not make it locked', async () => {
    const path = join(dirname(storePath()), 'set-locks', 'lock.duckdb')
    mkdirSync(dirname(path))
    writeFileSync(path, 'x'.repeat(20_000))
    expect((await faultOf(path)).code).toBe('STORE_UNUSABLE')
  })
})

describe('a file that is no store', () => {
  const damaged = (path: string, from: number, to: number) => {
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill(0x5a, from, Math.min(to, bytes.length)))
  }
  test.each<[string, (path: string) => void | Promise<void>]>([
    ['a text', (path) => writeFileSync(path, 'hello '.repeat(4000))],
    ['a damaged first page', (path) => damaged(path, 0, 4096)],
    ['damaged headers', (path) => damaged(path, 4096, 12_288)],
    ['damaged blocks', (path) => damaged(path, 12_288, Infinity)],
    ['a cut file', (path) => writeFileSync(path, readFileSync(path).subarray(0, 5000))],
    [
      "somebody else's database",
      (path) => {
        rmSync(path)
        return inDuckdb(path, 'CREATE TABLE record (a INTEGER)')
      },
    ],
    [
      'a folder',
      (path) => {
        rmSync(path)
        mkdirSync(path)
      },
    ],
    [
      'a link to nowhere',
      (path) => {
        rmSync(path)
        symlinkSync(join(path, 'nowhere', 'store'), path)
      },
    ],
  ])('%s is STORE_UNUSABLE', async (_what, spoil) => {
    const path = await writtenStore()
    await spoil(path)
    expect(shown(await faultOf(path))).toEqual(
      fault('STORE_UNUSABLE', /^the store (can't be opened|is no store)/, path),
    )
  })

  test('a folder that is not there', async () => {
    const path = join(storePath(), 'missing', 'store.duckdb')
    expect(shown(await faultOf(path))).toEqual(fault('STORE_UNUSABLE', /can't be opened/, path))
  })
})

describe('a transaction', () => {
  test('is all or nothing, and one after it works', async () => {
    const db = await openDatabase(storePath())
    try {
      await db.run('CREATE TABLE t (a INTEGER PRIMARY KEY)')
      const failing = db.transaction(async () => {
        await db.run('INSERT INTO t VALUES (1)')
        await db.run('INSERT INTO t VALUES (1)')
      })
      await expect(failing).rejects.toThrow(/[Dd]uplicate key/)
      expect(await db.all('SELECT * FROM t')).toEqual([])
      await expect(db.transaction(() => db.run('INSERT INTO t VALUES (2)').then(() => 'done'))).resolves.toBe('done')
      expect(await db.all('SELECT * FROM t')).toEqual([{ a: 2 }])
    } finally {
      db.close()
    }
  })
})

// kill −9: what was flushed stays, at most the last second or 5,000 attempts go, and the file opens again.

import { describe, expect, test } from 'vitest'
import { attemptOf, runOf } from '../support/nouns.ts'
import { openedStore, rethrow, startStoreChild, storePath } from '../support/stores.ts'

describe('kill −9 while attempts are written', () => {
  test('loses at most the last 5,000, nothing in between, and the store opens again', async () => {
    const path = storePath()
    const child = startStoreChild(path, 'write')
    await child.until((line) => Number(line) >= 23_000)
    await child.kill()
    const written = Number(child.lines().at(-1))
    const store = await openedStore(path)
    const { done } = await store.progressOf('run')
    expect(done.size).toBeGreaterThanOrEqual(written - 5000)
    const kept = [...done].map((key) => Number(/^r(\d+) /.exec(key)?.[1])).toSorted((a, b) => a - b)
    expect(kept).toEqual(kept.map((_, index) => index))
    expect(await store.recordOutlines()).toHaveLength(10)
    expect(await store.findUnfinishedRun('f', '2000-01-01T00:00:00.000Z')).toMatchObject({
      run: { id: 'run' },
      status: 'running',
    })
    // And it is written to as before.
    const writer = await store.createAttemptWriter('run', rethrow)
    writer.close()
  })

  test('a few attempts, long before 5,000, are flushed by the clock', async () => {
    const path = storePath()
    const child = startStoreChild(path, 'trickle')
    await child.until((line) => line === 'flushed')
    await child.kill()
    const store = await openedStore(path)
    expect((await store.progressOf('run')).done.size).toBe(7)
  })
})

describe('a file that cannot grow', () => {
  test('is told once, at the first failing flush; what was kept before is whole, and the store opens again', async () => {
    const path = storePath()
    const child = startStoreChild(path, 'fill', { limitKb: 4096 })
    const [told, closed] = JSON.parse(await child.until((line) => line.startsWith('['))) as [string[], string]
    await child.kill()
    expect(told).toEqual(['STORE_UNWRITABLE'])
    expect(closed).toBe('STORE_UNWRITABLE')
    const store = await openedStore(path)
    const { done } = await store.progressOf('run')
    const kept = [...done].map((key) => Number(/^r(\d+) /.exec(key)?.[1])).toSorted((a, b) => a - b)
    expect(kept).toEqual(kept.map((_, index) => index))
    expect(kept.length).toBeGreaterThan(0)
  })
})

describe('a row that cannot be stored', () => {
  test('is told once, and thrown again as the writer closes; the store works on', async () => {
    const store = await openedStore()
    await store.createRun({ run: runOf('run'), status: 'running', fingerprint: 'f' }, [])
    const told: unknown[] = []
    const writer = await store.createAttemptWriter('run', (error) => told.push(error))
    writer.write(attemptOf('r0'))
    writer.write(attemptOf('r1', { tries: 2 ** 40 }))
    writer.write(attemptOf('r2', { tries: 2 ** 40 }))
    expect(told).toEqual([expect.objectContaining({ message: expect.stringMatching(/int32/) })])
    expect(() => writer.close()).toThrow(/int32/)
    const next = await store.createAttemptWriter('run', rethrow)
    next.write(attemptOf('r3'))
    next.close()
    expect((await store.progressOf('run')).done).toContain('r3 production 0')
  })
})

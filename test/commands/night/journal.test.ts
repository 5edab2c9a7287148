// The journal as a file: written at once by many, torn, full of rubbish, or not to be written at all.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { journalPath, readNights, writeEvent } from '../../../src/commands/night/journal.ts'
import { thisProcess } from '../../../src/commands/session/process-identity.ts'
import type { NightEvent } from '../../../src/core/night-event.ts'
import { temporaryFolder } from '../../support/cli.ts'

const at = '2026-11-23T02:30:04.000Z'
const begun = (night: string, process = thisProcess()): NightEvent => ({
  night,
  at,
  event: 'begun',
  process,
  version: '1.0.0',
  command: 'run',
})

it('stands beside the store, and makes the folder that is not there yet', () => {
  const store = join(temporaryFolder(), 'reports', 'shadowgate.duckdb')
  expect(readNights(store)).toEqual([])
  expect(writeEvent(store, begun('one'))).toBeNull()
  expect(journalPath(store)).toMatch(/reports.shadowgate\.nights\.jsonl$/)
  expect(readNights(store)).toMatchObject([{ id: 'one', state: 'running' }])
})

it('goes on in a line of its own after one that was torn, and after bytes that are no text', () => {
  const store = join(temporaryFolder(), 'store.duckdb')
  writeEvent(store, begun('one'))
  appendFileSync(journalPath(store), '{"night":"two","at":"2026-')
  writeEvent(store, begun('three'))
  appendFileSync(journalPath(store), Buffer.from([0xff, 0xfe, 0x00, 0x0a]))
  writeEvent(store, begun('four'))
  expect(readNights(store).map(({ id }) => id)).toEqual(['one', 'three', 'four'])
})

it('knows a process that is gone from one that has its number now', async () => {
  const store = join(temporaryFolder(), 'store.duckdb')
  const child = spawn(process.execPath, ['-e', ''])
  const { pid = 0 } = child
  await once(child, 'exit')
  const own = thisProcess()
  writeEvent(store, begun('gone', { ...own, pid }))
  writeEvent(store, begun('another', { ...own, born: own.born && { ...own.born, ticks: own.born.ticks - 1 } }))
  writeEvent(store, begun('alive', own))
  const reborn = process.platform === 'linux' ? 'cut-off' : 'running'
  expect(readNights(store).map(({ id, state }) => [id, state])).toEqual([
    ['gone', 'cut-off'],
    ['another', reborn],
    ['alive', 'running'],
  ])
})

it('keeps whole lines of many processes that write at once', async () => {
  const store = join(temporaryFolder(), 'store.duckdb')
  writeEvent(store, begun('first'))
  const module = new URL('../../../src/commands/night/journal.ts', import.meta.url).href
  const event = JSON.stringify(begun('night'))
  const script = `const { writeEvent } = await import('${module}')
    for (let index = 0; index < 40; index++)
      writeEvent(process.argv[1], { ...${event}, night: process.argv[2] + '-' + index, version: 'v'.repeat(900) })`
  const writers = ['a', 'b', 'c', 'd'].map((name) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, store, name], { stdio: 'inherit' })
    return once(child, 'exit')
  })
  expect((await Promise.all(writers)).map(([status]) => status)).toEqual([0, 0, 0, 0])
  expect(new Set(readNights(store).map(({ id }) => id)).size).toBe(161)
  // Who looked while another's line was half there began with an empty one.
  const lines = readFileSync(journalPath(store), 'utf8').split('\n')
  expect(lines.filter((line) => line !== '')).toHaveLength(161)
})

it('ended the scheduler in a bug of ours, where a night was due at no instant', () => {
  const store = join(temporaryFolder(), 'store.duckdb')
  const event = begun('one')
  if (event.event === 'begun') writeEvent(store, { ...event, command: 'nightly', dueAt: 'tonight' })
  expect(readNights(store)).toMatchObject([{ id: 'one', command: 'nightly', dueAt: null }])
})

it('says what keeps it from being written', () => {
  const folder = temporaryFolder()
  const store = join(folder, 'store.duckdb')
  mkdirSync(journalPath(store))
  expect(writeEvent(store, begun('one'))).toMatch(/journal can't be written.*EISDIR/)
  writeFileSync(join(folder, 'file'), '')
  expect(writeEvent(join(folder, 'file', 'store.duckdb'), begun('one'))).toMatch(/ENOTDIR|EEXIST/)
})

// The router's log: cut between lines, bounded, and whole whatever else is done to it.

import {
  appendFileSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type LogLimits, logFiles, openLog } from '../../../../src/commands/canary/clerk/log-file.ts'
import { temporaryFolder } from '../../../support/cli.ts'

const hour = 3_600_000
const start = Date.parse('2026-11-26T08:00:00.000Z')

function started(limits: Partial<LogLimits> = {}) {
  const folder = temporaryFolder()
  const path = join(folder, 'canary.requests.jsonl')
  const troubles: string[] = []
  let nowMs = start
  const open = () =>
    openLog({
      path,
      limits: { maxBytes: 1000, maxAgeMs: 24 * hour, keep: 3, ...limits },
      now: () => nowMs,
      onTrouble: (message) => troubles.push(message),
    })
  const names = () => readdirSync(folder).toSorted()
  const all = () => logFiles(path).flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
  return { folder, path, troubles, open, names, all, wait: (ms: number) => (nowMs += ms) }
}

/** 100 bytes, with its number at the end. */
function line(n: number): string {
  const text = JSON.stringify({ at: new Date(start).toISOString(), n: String(n).padStart(6, '0'), pad: '' })
  return `${text.replace('"pad":""', `"pad":"${'x'.repeat(99 - text.length)}"`)}\n`
}

const numbers = (lines: readonly string[]) => lines.map((each) => Number((JSON.parse(each) as { n: string }).n))
const upTo = (n: number) => Array.from({ length: n }, (_, place) => place)

describe('a log', () => {
  it('is cut between lines, each file within its size, the names in the order of time', () => {
    const { open, names, folder, all } = started()
    const log = open()
    for (const n of upTo(35)) expect(log.append([line(n)])).toBe(0)
    expect(names()).toEqual([
      'canary.requests.000001.jsonl',
      'canary.requests.000002.jsonl',
      'canary.requests.000003.jsonl',
      'canary.requests.jsonl',
    ])
    expect(names().map((name) => readFileSync(join(folder, name)).length)).toEqual([1000, 1000, 1000, 500])
    expect(numbers(all())).toEqual(upTo(35))
  })

  it('is cut within what comes at once, too', () => {
    const { open, names, folder, all } = started()
    const log = open()
    expect(log.append([line(0), ...upTo(34).map((n) => line(n + 1))])).toBe(0)
    expect(names().map((name) => readFileSync(join(folder, name)).length)).toEqual([1000, 1000, 1000, 500])
    expect(numbers(all())).toEqual(upTo(35))
    expect(log.append([`${JSON.stringify({ n: 'x'.repeat(3000) })}\n`, line(35)])).toBe(0)
    expect(numbers(all()).at(-1)).toBe(35)
  })

  it('keeps so many files that were put aside, and numbers on', () => {
    const { open, names, all } = started({ keep: 2 })
    const log = open()
    for (const n of upTo(55)) log.append([line(n)])
    expect(names()).toEqual(['canary.requests.000004.jsonl', 'canary.requests.000005.jsonl', 'canary.requests.jsonl'])
    expect(numbers(all())).toEqual(upTo(55).slice(30))
  })

  it('keeps none where none is wanted', () => {
    const { open, names } = started({ keep: 0 })
    const log = open()
    for (const n of upTo(25)) log.append([line(n)])
    expect(names()).toEqual(['canary.requests.jsonl'])
  })

  it('is cut by age, also where the file is from before a restart', () => {
    const { open, names, wait } = started()
    open().append([line(0)])
    wait(23 * hour)
    const log = open()
    log.append([line(1)])
    expect(names()).toHaveLength(1)
    wait(hour)
    log.append([line(2)])
    expect(names()).toEqual(['canary.requests.000001.jsonl', 'canary.requests.jsonl'])
  })

  it('goes on in a new file where another moved it away', () => {
    const { open, path, names, all } = started()
    const log = open()
    log.append([line(0)])
    renameSync(path, `${path}.1`)
    log.append([line(1)])
    expect(names()).toEqual(['canary.requests.jsonl', 'canary.requests.jsonl.1'])
    expect(numbers(all())).toEqual([0, 1])
  })

  it('goes on from the beginning where another copied and emptied it', () => {
    const { open, path, all } = started()
    const log = open()
    log.append([line(0)])
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
    log.append([line(1)])
    expect(readFileSync(path, 'utf8')).toBe(line(1))
    expect(numbers(all())).toEqual([0, 1])
  })

  it('begins a line of its own after one that a kill cut off', () => {
    const { open, path } = started()
    open().append([line(0)])
    appendFileSync(path, line(1).slice(0, 40))
    open().append([line(2)])
    const lines = readFileSync(path, 'utf8').split('\n')
    expect([lines[0], lines[1], lines[2]]).toEqual([line(0).trimEnd(), line(1).slice(0, 40), line(2).trimEnd()])
  })

  it('says once that it can’t be written, counts what is lost, and goes on when it can', () => {
    const { folder, troubles } = started()
    const inTheWay = join(folder, 'logs')
    writeFileSync(inTheWay, '')
    const log = openLog({
      path: join(inTheWay, 'canary.requests.jsonl'),
      limits: { maxBytes: 1000, maxAgeMs: hour, keep: 1 },
      now: () => start,
      onTrouble: (message) => troubles.push(message),
    })
    expect([log.append([line(0), line(1)]), log.append([line(2)])]).toEqual([2, 1])
    renameSync(inTheWay, `${inTheWay}.away`)
    expect(log.append([line(3)])).toBe(0)
    expect(troubles).toEqual([
      expect.stringContaining("the log can't be written"),
      'the log is written again; 3 lines of it were lost',
    ])
    expect(readFileSync(join(inTheWay, 'canary.requests.jsonl'), 'utf8')).toBe(line(3))
  })

  it('is read with what others put aside, and without what they packed', () => {
    const { open, path, folder } = started()
    for (const name of ['canary.requests.jsonl.2.gz', 'canary.requests-20261125.jsonl', 'canary.journal.jsonl']) {
      writeFileSync(join(folder, name), '')
    }
    open().append([line(0)])
    expect(logFiles(path).map((file) => basename(file))).toEqual([
      'canary.requests-20261125.jsonl',
      'canary.requests.jsonl',
    ])
  })
})

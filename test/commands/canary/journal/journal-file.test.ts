// The journal's file: whatever is done to it meanwhile, nothing that happened is forgotten.

import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lineOf } from '../../../../src/canary/ramp/journal.ts'
import { rampOf } from '../../../../src/canary/ramp/ramp.ts'
import { openJournal, readJournal } from '../../../../src/commands/canary/journal/journal-file.ts'
import type { RampEvent } from '../../../../src/core/rollout.ts'
import { temporaryFolder } from '../../../support/cli.ts'

const by = { kind: 'person', name: 'ada' } as const
const opened: RampEvent = {
  kind: 'opened',
  at: '2026-11-26T08:00:00.000Z',
  by,
  mode: 'canary',
  fingerprint: 'a-b',
  stages: [0.1, 1].map((share) => ({ share, minMinutes: 0, minRequests: 0 })),
  permit: { kind: 'override', because: 'a test' },
}
const held: RampEvent = { kind: 'held', at: '2026-11-26T08:01:00.000Z', by, because: 'lunch', evaluation: null }
const rolledBack: RampEvent = {
  kind: 'rolled-back',
  at: '2026-11-26T08:02:00.000Z',
  by,
  because: 'enough',
  evaluation: null,
  tripped: null,
}

function started() {
  const path = join(temporaryFolder(), 'reports', 'canary.journal.jsonl')
  const troubles: string[] = []
  const open = () => openJournal(path, (message) => troubles.push(message))
  return { path, troubles, open, kinds: () => readJournal(path).events.map(({ kind }) => kind) }
}

describe('a journal', () => {
  it('that is taken away is written again, with all that it held', () => {
    const { path, open, kinds } = started()
    const journal = open()
    journal.write(opened)
    rmSync(path)
    journal.write(held)
    expect(kinds()).toEqual(['opened', 'held'])
  })

  it('that is taken away before its first line is there for it', () => {
    const { path, open, kinds } = started()
    const journal = open()
    rmSync(path)
    journal.write(opened)
    expect(kinds()).toEqual(['opened'])
  })

  it('that is emptied is filled again', () => {
    const { path, open, kinds } = started()
    const journal = open()
    journal.write(opened)
    truncateSync(path)
    journal.write(held)
    expect(kinds()).toEqual(['opened', 'held'])
  })

  it('leaves another file that has taken its place alone, and says so', () => {
    const { path, open, kinds } = started()
    const journal = open()
    journal.write(opened)
    renameSync(path, `${path}.old`)
    writeFileSync(path, 'something else\n')
    expect(() => journal.write(held)).toThrow('another file has taken its place')
    expect(readFileSync(path, 'utf8')).toBe('something else\n')
    rmSync(path)
    journal.write(held)
    expect(kinds()).toEqual(['opened', 'held'])
  })

  it('with a torn last line goes on below it', () => {
    const { path, open } = started()
    open().write(opened)
    appendFileSync(path, '{"kind":"adva')
    open().write(held)
    const { events, torn } = readJournal(path)
    expect([events, torn]).toEqual([[opened, held], [2]])
  })
})

describe('a rollback that can’t be written', () => {
  it('is known to the next start, and written once there is room', () => {
    const { path, troubles, open, kinds } = started()
    const journal = open()
    journal.write(opened)
    renameSync(path, `${path}.old`)
    writeFileSync(path, readFileSync(`${path}.old`))
    journal.write(rolledBack)
    expect(troubles).toEqual([expect.stringContaining(`it stands in ${path}.rollback until there is room`)])
    expect(readFileSync(path, 'utf8')).not.toContain('rolled-back')
    expect(rampOf(readJournal(path).events).phase).toBe('rolled-back')

    const next = open()
    next.settle()
    expect(readFileSync(path, 'utf8')).toContain('rolled-back')
    expect(kinds()).toEqual(['opened', 'rolled-back'])
    expect(readFileSync(`${path}.rollback`, 'utf8').trim()).toBe('')
    expect(open().write(held)).toBeUndefined()
    expect(kinds()).toEqual(['opened', 'rolled-back', 'held'])
  })

  it('is known though the journal was taken away', () => {
    const { path, open, kinds } = started()
    const journal = open()
    journal.write(opened)
    renameSync(path, `${path}.old`)
    writeFileSync(path, readFileSync(`${path}.old`))
    journal.write(rolledBack)
    rmSync(path)
    expect(kinds()).toEqual(['rolled-back'])
  })

  it('comes before whatever is written after it', () => {
    const { path, open, kinds } = started()
    const journal = open()
    journal.write(opened)
    renameSync(path, `${path}.old`)
    writeFileSync(path, 'something else\n')
    journal.write(rolledBack)
    rmSync(path)
    journal.write(opened)
    expect(kinds()).toEqual(['opened', 'rolled-back', 'opened'])
  })

  it('has room for its reason where its evidence is too long', () => {
    const { path, open } = started()
    const journal = open()
    journal.write(opened)
    renameSync(path, `${path}.old`)
    writeFileSync(path, readFileSync(`${path}.old`))
    journal.write({ ...rolledBack, because: 'latency '.repeat(1000) })
    expect(readJournal(path).events.at(-1)).toMatchObject({
      kind: 'rolled-back',
      because: 'latency '.repeat(1000).slice(0, 500),
    })
  })

  it('of which a part stands in the journal is owed all the same, and told once', () => {
    const { path, open } = started()
    const journal = open()
    journal.write(opened)
    renameSync(path, `${path}.old`)
    writeFileSync(path, readFileSync(`${path}.old`))
    journal.write(rolledBack)
    appendFileSync(path, lineOf(rolledBack).slice(0, -20))
    expect(readJournal(path)).toEqual({ events: [opened, rolledBack], torn: [] })
    open().settle()
    expect(readFileSync(path, 'utf8')).toContain(lineOf(rolledBack))
    expect(readJournal(path)).toEqual({ events: [opened, rolledBack], torn: [] })
  })

  it('is not owed any more once its whole is in the journal, though the slot had room for a part', () => {
    const { path, open, kinds } = started()
    const journal = open()
    journal.write(opened)
    const long: RampEvent = { ...rolledBack, because: 'latency '.repeat(1000) }
    renameSync(path, `${path}.old`)
    writeFileSync(path, readFileSync(`${path}.old`))
    journal.write(long)
    // A kill between the line and clearing the slot.
    appendFileSync(path, lineOf(long) + lineOf({ ...opened, at: '2026-11-26T09:00:00.000Z' }))
    expect(kinds()).toEqual(['opened', 'rolled-back', 'opened'])
    open().settle()
    expect(rampOf(readJournal(path).events).phase).toBe('open')
  })

  it('takes its room before there is one', () => {
    const { path, open } = started()
    open()
    expect(existsSync(`${path}.rollback`)).toBe(true)
    expect(readFileSync(`${path}.rollback`)).toHaveLength(4096)
  })
})

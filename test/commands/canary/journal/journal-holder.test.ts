// Who holds a journal: one router, until it ends or is gone.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { holderNoteOf, holdJournal } from '../../../../src/commands/canary/journal/journal-holder.ts'
import { thisProcess } from '../../../../src/commands/session/process-identity.ts'
import { temporaryFolder } from '../../../support/cli.ts'
import { createFakeClock } from '../../../support/fake-clock.ts'

function started(sleep: (path: string) => void = () => {}) {
  const path = join(temporaryFolder(), 'reports', 'canary.journal.jsonl')
  const note = holderNoteOf(path)
  const troubles: string[] = []
  const clock = { ...createFakeClock(), sleep: async () => sleep(note) }
  const hold = () => holdJournal(path, { clock, onTrouble: (message) => troubles.push(message) })
  return { note, hold, troubles }
}

const since = '2026-11-26T08:00:00.000Z'
const noteOf = (process: object) => `${JSON.stringify({ process: { ...thisProcess(), ...process }, since })}\n`

describe('a journal', () => {
  it('has one holder, who is named to the next', async () => {
    const { hold, note } = started()
    const letGo = await hold()
    await expect(hold()).rejects.toMatchObject({
      code: 'JOURNAL_HELD',
      message: expect.stringMatching(new RegExp(`held by process ${process.pid} \\(shadowgate serve\\) since `)),
    })
    letGo()
    expect(existsSync(note)).toBe(false)
    await expect(hold()).resolves.toBeTypeOf('function')
  })

  it('is taken over from a process that is gone', async () => {
    const { hold, note, troubles } = started()
    ;(await hold())()
    const gone = spawnSync(process.execPath, ['-e', '']).pid
    writeFileSync(note, noteOf({ pid: gone }))
    await hold()
    expect(JSON.parse(readFileSync(note, 'utf8'))).toMatchObject({ process: { pid: process.pid } })
    expect(troubles).toEqual([])
  })

  it('is left to another machine’s process as long as that is heard', async () => {
    const { hold, note } = started((path) => utimesSync(path, 2e9, 2e9))
    ;(await hold())()
    writeFileSync(note, noteOf({ host: 'elsewhere' }))
    await expect(hold()).rejects.toThrow(`process ${process.pid} on elsewhere since ${since}`)
    expect(readFileSync(note, 'utf8')).toContain('elsewhere')
  })

  it('is taken over from another machine’s process that is not', async () => {
    const { hold, note, troubles } = started()
    ;(await hold())()
    writeFileSync(note, noteOf({ host: 'elsewhere' }))
    await hold()
    expect(readFileSync(note, 'utf8')).not.toContain('elsewhere')
    expect(troubles).toEqual([expect.stringContaining('waiting 5 s')])
  })

  it('is not kept for ever by a note that nobody can read', async () => {
    const { hold, note } = started()
    ;(await hold())()
    writeFileSync(note, '{"proc')
    await expect(hold()).resolves.toBeTypeOf('function')
  })
})

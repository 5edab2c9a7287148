// A disk that fills up at each stage of a night: a clear fault, nothing that was stored is lost, and the next night goes on.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readNights } from '../../src/commands/night/journal.ts'
import { runCli } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'
import { canMount, fill, mountDisk } from '../support/small-disk.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const long = 'One of the many words of an answer. '.repeat(60)

it.skipIf(!canMount).each([
  ['ingest', 'STORE_UNWRITABLE', 69, /check {4}both targets/],
  ['replay', 'STORE_UNWRITABLE', 69, null],
  // Reports have a disk of their own, full from the start: between a verdict that is stored and its report there is no time to fill one.
  ['report', 'REPORT_UNWRITABLE', 65, null],
] as const)('full at the stage %s', { timeout: 120_000 }, async (stage, code, status, fillsAt) => {
  let disks = ''
  let isFull = false
  const fillOnce = () => {
    if (!isFull) fill(disks)
    isFull = true
  }
  const target = await startTarget(({ number }, response) => {
    if (number === 200 && stage === 'replay') fillOnce()
    setTimeout(() => sendJson(response, 200, completion(`${number} ${long}`)), 10)
  })
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    records: 300,
    config: {
      store: stage === 'report' ? 'store.duckdb' : 'disk/store.duckdb',
      report: { dir: 'disk/reports' },
      replay: { noise: 0, warmUp: 0 },
      gate: { earlyStop: false },
    },
  })
  disks = mountDisk(folder, '60m')
  if (stage === 'report') fillOnce()
  const full = await runCli(['run'], {
    cwd: folder,
    onStart: (child) =>
      void child.stderr?.on('data', (text: string) => {
        if (fillsAt?.test(text)) fillOnce()
      }),
  })
  expect(full.stderr).toContain(`error[${code}]`)
  expect(full.status).toBe(status)
  const store = join(stage === 'report' ? folder : disks, 'store.duckdb')
  rmSync(join(disks, 'filler'))
  const [before] = await query(store, `SELECT count(*) AS kept FROM ${stage === 'ingest' ? 'record' : 'attempt'}`)
  const sent = target.requests.length

  const next = await runCli(['run', '--json'], { cwd: folder })
  expect(next.stderr).toBe('')
  const [stored] = await query(
    store,
    'SELECT count(*) AS n, count(DISTINCT (record_id, arm, trial)) AS calls FROM attempt',
  )
  expect(stored).toEqual({ n: '600', calls: '600' })
  if (stage !== 'ingest')
    expect(target.requests.length - sent, 'what was stored is not asked again').toBe(600 - Number(before?.['kept']))
  expect((await runCli(['verify'], { cwd: folder })).status).toBe(0)
  // The journal's own last line may have found no room: then the next night says what became of that one.
  const [first, second] = readNights(store)
  expect(first?.state).not.toBe('running')
  expect(first?.came === null ? first.closed?.by : first?.came.kind).toBe(first?.came === null ? second?.id : 'failed')
  expect(second).toMatchObject({ state: 'ended', came: { kind: 'judged' } })
})

// A run is handed over as a folder of Parquet files, and comes to the same verdict in another store.

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

/** A judged run, its folder, and the same run exported; the second folder has a config and no store. */
async function exported(records = 120) {
  const target = await startTarget(({ body }, response) =>
    sendJson(response, 200, completion(`Answer to ${body.messages[0]?.content}`)),
  )
  const production = { production: target.url, candidate: target.url, records }
  const [here, there] = [createProject(production), createProject(production)]
  writeFileSync(
    join(here, 'requests.jsonl'),
    `${readFileSync(join(here, 'requests.jsonl'), 'utf8')}{"request": {"model"\n`,
  )
  const judged = await runCli(['run', '--json'], { cwd: here })
  const snapshot = join(temporaryFolder(), "it's [one]*")
  const written = await runCli(['export', '--to', snapshot, '--json'], { cwd: here })
  expect(written.stderr).toBe('')
  expect(written.status).toBe(0)
  return { here, there, snapshot, target, run: JSON.parse(judged.stdout).run.id, manifest: JSON.parse(written.stdout) }
}

/** Files by name; when they were written is the one thing that changes. */
function reportsOf(folder: string, run: string): Record<string, string> {
  const dir = join(folder, 'reports', run)
  const instant = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| UTC)?/g
  return Object.fromEntries(
    readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8').replaceAll(instant, 'then')]),
  )
}

it('is verified to the byte in a new store, and reported alike, without a request', { timeout: 120_000 }, async () => {
  const { here, there, snapshot, target, run, manifest } = await exported()
  const asked = target.requests.length
  expect(manifest).toMatchObject({ run, decision: 'INCONCLUSIVE', schema: expect.any(Number) })
  const rows = Object.fromEntries(manifest.files.map((file: { name: string; rows: number }) => [file.name, file.rows]))
  expect(rows).toMatchObject({ 'record.parquet': 120, 'attempt.parquet': 480, 'verdict.parquet': 1 })
  const taken = await runCli(['import', snapshot, '--json'], { cwd: there })
  expect(JSON.parse(taken.stdout)).toMatchObject({ run, isNew: true })
  const [first, second] = [
    await runCli(['verify', '--json'], { cwd: here }),
    await runCli(['verify', '--json'], { cwd: there }),
  ]
  expect(second.status, second.stderr).toBe(0)
  expect(JSON.parse(second.stdout)).toEqual({ ...JSON.parse(first.stdout), isSame: true })
  // Once more here too: both are written by `report`.
  for (const cwd of [here, there]) expect((await runCli(['report'], { cwd })).status).toBe(0)
  const reports = reportsOf(there, run)
  expect(Object.keys(reports).toSorted()).toEqual(['comment.md', 'junit.xml', 'report.html', 'verdict.json'])
  expect(reports).toEqual(reportsOf(here, run))
  expect(target.requests).toHaveLength(asked)
  // Another export is the same, row by row.
  const again = await runCli(['import', snapshot], { cwd: there })
  expect(again.stdout).toBe(`INCONCLUSIVE, run ${run}: in the store already, the same in every table\n`)
  const [counts] = await query(
    join(there, 'store.duckdb'),
    'SELECT (SELECT count(*) FROM run) AS runs, (SELECT count(*) FROM attempt) AS attempts',
  )
  expect(counts).toEqual({ runs: '1', attempts: '480' })
})

it('is refused where a file is missing, cut off or another, and makes no store of it', {
  timeout: 120_000,
}, async () => {
  const { there, snapshot } = await exported(20)
  const damaged = async (damage: (folder: string) => void) => {
    const folder = join(temporaryFolder(), 'copy')
    cpSync(snapshot, folder, { recursive: true })
    damage(folder)
    const { status, stderr } = await runCli(['import', folder], { cwd: there })
    expect(status, stderr).toBe(65)
    return stderr.replaceAll(folder, 'copy')
  }
  const manifestWith = (change: (text: string) => string) => (folder: string) => {
    const path = join(folder, 'manifest.json')
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  }
  expect(await damaged((folder) => rmSync(join(folder, 'attempt.parquet')))).toContain(
    'error[SNAPSHOT_UNREADABLE] copy/attempt.parquet: the file is missing',
  )
  expect(await damaged((folder) => truncateSync(join(folder, 'record.parquet'), 100))).toContain(
    'error[SNAPSHOT_UNREADABLE] copy/record.parquet: the file has 100 bytes',
  )
  const inPlaceOf = (name: string, put: (path: string) => void) => (folder: string) => {
    rmSync(join(folder, name))
    put(join(folder, name))
  }
  // It was read to its end, which a device has none of.
  expect(await damaged(inPlaceOf('record.parquet', (path) => symlinkSync('/dev/zero', path)))).toContain(
    'copy/record.parquet: it is no file',
  )
  // These were bugs of ours.
  for (const name of ['record.parquet', 'manifest.json'])
    expect(await damaged(inPlaceOf(name, (path) => mkdirSync(path)))).toContain(`copy/${name}: it is no file`)
  expect(await damaged((folder) => truncateSync(join(folder, 'manifest.json'), 2_000_000))).toContain(
    'the manifest has 2000000 bytes',
  )
  const flip = (folder: string) => {
    const path = join(folder, 'attempt.parquet')
    const bytes = readFileSync(path)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(path, bytes)
  }
  expect(await damaged(flip)).toContain('copy/attempt.parquet: the file is not what was exported')
  expect(await damaged((folder) => rmSync(join(folder, 'manifest.json')))).toContain(
    'copy/manifest.json: there is no such file',
  )
  expect(await damaged(manifestWith((text) => text.slice(0, 50)))).toContain(
    'copy/manifest.json: the manifest is no JSON',
  )
  expect(await damaged(manifestWith((text) => text.replace('"record.parquet"', '"../record.parquet"')))).toContain(
    'copy/manifest.json: the manifest is not as it was written: files.1.name',
  )
  expect(await damaged(manifestWith((text) => text.replace(/"run": "/, '"run": "../../')))).toContain(
    'as it was written: run:',
  )
  const older = await damaged(manifestWith((text) => text.replace(/"schema": \d+/, '"schema": 1')))
  expect(older).toMatch(/in schema 1; this one reads \d+/)
  expect(older).toContain('export it anew with this version')
  expect(await damaged(manifestWith((text) => text.replace(/"schema": \d+/, '"schema": 999')))).toContain(
    'update shadowgate',
  )
  expect(existsSync(join(there, 'store.duckdb'))).toBe(false)
})

it('says what it can not write, or what there is nothing of, and leaves nothing behind', {
  timeout: 120_000,
}, async () => {
  const { here, snapshot } = await exported(20)
  const before = readdirSync(snapshot)
  const there = await runCli(['export', '--to', snapshot], { cwd: here })
  expect(there).toMatchObject({
    status: 65,
    stderr: expect.stringContaining('there is something of that name already'),
  })
  expect(readdirSync(snapshot)).toEqual(before)
  const full = await runCli(['export', '--to', 'full'], { cwd: here, fileLimitKib: 1 })
  expect(full.status, full.stderr).toBe(65)
  expect(full.stderr).toContain('error[SNAPSHOT_UNWRITABLE]')
  expect(readdirSync(here).filter((name) => name.startsWith('full'))).toEqual([])
  expect(await runCli(['export'], { cwd: here })).toMatchObject({ status: 64 })
  await runCli(['sample'], { cwd: here })
  const unjudged = await runCli(['export', '--to', 'none'], { cwd: here })
  expect(unjudged).toMatchObject({ status: 65, stderr: expect.stringContaining('error[NO_RUN]') })
})

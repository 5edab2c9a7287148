// Personal data in a log, through the built command line: not in the store's bytes, not in its tables, and told of.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'

const planted = [
  'planted.mail@example.com',
  '+14155552671',
  'DE89370400440532013000',
  '4111111111111111',
  '203.0.113.77',
  '078-05-1120',
]
const all = planted.join(' ')

const log = [
  {
    request: { model: 'm', messages: [{ role: 'user', content: `Write to ${all}` }], user: planted[0] },
    response: { model: 'm', choices: [{ index: 0, message: { content: all }, finish_reason: 'stop' }] },
    metadata: { note: all },
    feedback: [{ name: 'thumb', value: 1, comment: all }],
  },
  { request: { model: 'm', messages: [{ role: 'user', content: 'Hi' }] }, response: null },
]

function project(privacy: object) {
  const url = 'http://127.0.0.1:9/v1'
  const folder = createProject({ production: url, candidate: url, config: { privacy } })
  const lines = log.map((line) => JSON.stringify(line))
  writeFileSync(join(folder, 'requests.jsonl'), [...lines, `{"broken": "${all}`, `${all} {`].join('\n'))
  return folder
}

async function everythingIn(store: string): Promise<string> {
  const tables = await query(
    store,
    "SELECT table_name AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE'",
  )
  const rows = await Promise.all(tables.map(({ name }) => query(store, `SELECT * FROM "${String(name)}"`)))
  return `${JSON.stringify(rows)}${readFileSync(store, 'latin1')}`
}

describe('ingest', () => {
  it('keeps no personal data, and says what it replaced', async () => {
    const folder = project({})
    const result = await runCli(['ingest', '--json'], { cwd: folder })
    expect(result.status, result.stderr).toBe(0)
    const kept = await everythingIn(join(folder, 'store.duckdb'))
    for (const value of planted) expect(`${kept}${result.stdout}${result.stderr}`).not.toContain(value)
    expect(kept).toMatch(/\[email-[0-9a-f]{6}\]/)
    const { privacy, files } = JSON.parse(result.stdout)
    // Four places: the request, the answer, the segment, the comment.
    const replaced = { email: 4, iban: 4, card: 4, ssn: 4, ip: 4, phone: 4 }
    expect(privacy).toEqual({ isOn: true, replaced, records: 1 })
    expect(files[0].personalData).toEqual(replaced)
    const [row] = await query(join(folder, 'store.duckdb'), 'SELECT is_on, replaced, records FROM privacy')
    expect(JSON.parse(String(row?.['replaced']))).toEqual(replaced)
    const [again] = await query(
      join(folder, 'store.duckdb'),
      'SELECT fidelity, fidelity_reason AS reason FROM record WHERE source_line = 1',
    )
    expect(again).toEqual({ fidelity: 'full', reason: '6 pieces of personal data were replaced' })
  })

  it('says so in words, and adds nothing when the same log comes again', async () => {
    const folder = project({})
    const { stderr } = await runCli(['ingest'], { cwd: folder })
    expect(stderr).toContain('4 e-mail addresses')
    expect(stderr).toContain('replaced in 1 record; best effort, names and postal addresses are not found')
    expect((await runCli(['ingest'], { cwd: folder })).stdout).toContain('0 new records')
  })

  it('keeps it where it is told so, and says that even when quiet', async () => {
    const folder = project({ personalData: false })
    const result = await runCli(['ingest', '--quiet'], { cwd: folder })
    expect(result.stderr).toContain('privacy.personalData: false')
    expect(await everythingIn(join(folder, 'store.duckdb'))).toContain(planted[3])
  })

  it.each([
    [{ detectors: { emial: false } }, 'email'],
    [{ patterns: [{ name: 'a', regex: '(?=x)' }] }, 'RE2'],
    [{ patterns: [{ name: 'card', regex: 'x' }] }, 'a name of its own'],
    [
      {
        patterns: [
          { name: 'a', regex: 'x' },
          { name: 'a', regex: 'y' },
        ],
      },
      'two patterns are called a',
    ],
  ])('refuses %j', async (privacy, word) => {
    const result = await runCli(['ingest'], { cwd: project(privacy) })
    expect(result.stderr).toContain('BAD_CONFIG')
    expect(result.stderr).toContain(word)
  })

  it('takes a pattern of your own, and leaves out a kind', async () => {
    const folder = project({ detectors: { ip: false }, patterns: [{ name: 'verb', regex: 'Write to' }] })
    const { stdout } = await runCli(['ingest', '--json'], { cwd: folder })
    expect(JSON.parse(stdout).privacy.replaced).toEqual({ email: 4, iban: 4, card: 4, ssn: 4, phone: 4, verb: 1 })
  })
})

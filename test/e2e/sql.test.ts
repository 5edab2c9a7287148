// The README's SQL, asked as users do: of the store, and of a run that was exported.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject } from '../support/project.ts'
import { columnsIn } from '../support/stores.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')
const section = readme.slice(readme.indexOf('### SQL'), readme.indexOf('### A run, handed over'))
const queries = (/```sql\n([\s\S]*?)```/.exec(section)?.[1] ?? '')
  .replaceAll(/^--.*$/gm, '')
  .split(';')
  .map((text) => text.trim())
  .filter((text) => text !== '')
const words = [...section.matchAll(/^\| `(\w+)` \|.*?\| (.*) \|$/gm)].map(([, view = '', columns = '']) => ({
  view,
  columns: [...columns.replaceAll(/\([^)]*\)/g, '').matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name),
}))

/** One judged run, in which the candidate refuses and fails now and then, as a store and as files. */
async function judged() {
  const answer = (text: (index: number) => string | null) =>
    startTarget(({ body }, response) => {
      const index = Number(/\d+/.exec(String(body.messages[0]?.content))?.[0])
      const said = text(index)
      if (said === null) sendJson(response, 500, { error: { message: 'broken' } })
      else sendJson(response, 200, completion(said))
    })
  const production = await answer((index) => `Answer ${index} is forty-two.`)
  const candidate = await answer((index) => {
    if (index % 10 === 3) return null
    return index % 10 === 5 ? "I'm sorry, but I can't help with that request." : `Answer ${index} is forty-two.`
  })
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    records: 60,
    target: { retries: 0 },
  })
  const log = readFileSync(join(folder, 'requests.jsonl'), 'utf8')
  const person = {
    request: { model: 'test-model', messages: [{ role: 'user', content: 'Write to ann@example.org 61' }] },
    response: null,
  }
  const lost = {
    request: {
      model: 'test-model',
      messages: [{ role: 'user', content: 'my key is sk-proj-Zq8wRt5yUp2sDf7gHj4kLz9xCv1bNm6Q' }],
    },
    response: null,
  }
  writeFileSync(
    join(folder, 'requests.jsonl'),
    `${log}${JSON.stringify(person)}\n${JSON.stringify(lost)}\n{"request": {\n`,
  )
  await runCli(['run'], { cwd: folder })
  await runCli(['export', '--to', 'files'], { cwd: folder })
  return { store: join(folder, 'store.duckdb'), files: join(folder, 'files') }
}

async function asker(path: string, folder: string | null) {
  const instance = await DuckDBInstance.create(path, path === ':memory:' ? {} : { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  if (folder !== null) {
    // As one who stands in the folder.
    await connection.run(`SET file_search_path = '${folder}'`)
    await connection.run(readFileSync(join(folder, 'views.sql'), 'utf8'))
  }
  const ask = async (sql: string) => (await connection.run(sql)).getRowObjectsJson()
  onTestFinished(() => {
    connection.closeSync()
    instance.closeSync()
  })
  return ask
}

/** Ties come in any order. */
const rowText = (row: unknown) => JSON.stringify(row)

describe('SQL', () => {
  it('of the README answers alike from the store and from exported files, and its table names all columns', {
    timeout: 120_000,
  }, async () => {
    const { store, files } = await judged()
    const here = await asker(store, null)
    const there = await asker(':memory:', files)
    expect(queries.length).toBeGreaterThanOrEqual(5)
    for (const query of queries) {
      const rows = await here(query)
      expect(rows.length, query).toBeGreaterThan(0)
      // What cannot be replayed is no part of a run.
      if (query.includes('fidelity')) continue
      expect((await there(query)).map(rowText).toSorted(), query).toEqual(rows.map(rowText).toSorted())
    }
    expect(words.map(({ view }) => view)).toEqual(['runs', 'findings', 'pairs', 'calls', 'measure'])
    for (const { view, columns } of words) {
      const named = (await columnsIn(store, view)).map((column) => column.split(' ')[0] ?? '')
      // Those of both arms are named once.
      const shown = view === 'pairs' ? named.map((name) => name.replace(/^(?:production|candidate)_/, '')) : named
      expect(
        shown.filter((name) => !columns.includes(name)),
        view,
      ).toEqual([])
      const types = `SELECT column_name, column_type FROM (DESCRIBE ${view})`
      expect(await there(types), view).toEqual(await here(types))
    }
  })
})

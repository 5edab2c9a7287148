// A log of somebody's own, in a table, through the built command line: a map in the config, and what is told of it.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject } from '../support/project.ts'

it('a mapped table becomes records, and what the map leaves is told without its values', async () => {
  const map = { prompt: 'question', model: 'model', text: 'answer', latencyMs: 'millis', segments: { team: 'tem' } }
  const nowhere = 'http://127.0.0.1:9/v1'
  const folder = createProject({
    production: nowhere,
    candidate: nowhere,
    config: { logs: [{ path: 'own.csv', format: 'mapping', map }] },
  })
  const rows = ['Why, then?', 'How\nso?'].map((question) => `"${question}",gpt-x,So.,12,mary@example.com,red`)
  writeFileSync(join(folder, 'own.csv'), ['question,model,answer,millis,customer,team', ...rows].join('\n'))
  const told = await runCli(['ingest'], { cwd: folder })
  expect(told).toMatchObject({ status: 0, stdout: expect.stringContaining('2 new records') })
  expect(told.stderr).toContain('map.segments.team found nothing at tem in 2 lines; there is team')
  expect(told.stderr).toContain('own.csv: not mapped, with the lines that have it: customer (2), team (2)')
  expect(told.stderr).not.toContain('mary')
  const { stdout } = await runCli(['ingest', '--json'], { cwd: folder })
  expect(JSON.parse(stdout)).toMatchObject({
    records: 2,
    added: 0,
    files: [{ file: 'own.csv', format: 'mapping', lines: 2 }],
    mappings: [{ files: ['own.csv'], lines: 2, unmappedCount: 2 }],
  })
})

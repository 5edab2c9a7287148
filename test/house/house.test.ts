// The house keeps its rules, and the checker sees each kind of breach.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkHouse, type SourceFile } from './rules.ts'

const src = new URL('../../src/', import.meta.url)

function readHouse(): readonly SourceFile[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(new URL(path, src), 'utf8') }))
}

const first = '// A file for the test of the checker.'

const inWords = (files: readonly SourceFile[]) =>
  checkHouse(files).map(({ file, rule, detail }) => `${file}: ${rule}: ${detail}`)

test('src keeps the rules of the house', () => {
  const files = readHouse()
  expect(files.length).toBeGreaterThan(0)
  expect(inWords(files)).toEqual([])
})

describe('the checker sees', () => {
  test.each([
    [
      'a stranger of equal rank',
      'gate/decide.ts',
      "import { x } from '../score/x.ts'",
      'rank: may not import ../score/x.ts',
    ],
    [
      'a type of a stranger',
      'gate/decide.ts',
      "import type { X } from '../score/x.ts'",
      'rank: may not import ../score/x.ts',
    ],
    [
      'an import over lines',
      'gate/a.ts',
      "import {\n  x,\n  y,\n} from '../report/x.ts'",
      'rank: may not import ../report/x.ts',
    ],
    [
      'a room of higher rank',
      'providers/sse.ts',
      "export { x } from '../commands/config/load.ts'",
      'rank: may not import ../commands/config/load.ts',
    ],
    [
      'a dynamic import',
      'store/a.ts',
      "const x = await import('../replay/x.ts')",
      'rank: may not import ../replay/x.ts',
    ],
    ['an import for its effect', 'demo/a.ts', "import '../replay/x.ts'", 'rank: may not import ../replay/x.ts'],
    [
      'stats knowing a noun of ours',
      'stats/a.ts',
      "import { Fault } from '../core/fault.ts'",
      'rank: may not import ../core/fault.ts',
    ],
    [
      'an import from outside src',
      'core/a.ts',
      "import x from '../../package.json'",
      'rank: may not import ../../package.json',
    ],
    [
      'a door imported from within',
      'commands/a.ts',
      "import { x } from '../index.ts'",
      'rank: may not import ../index.ts',
    ],
    ['a room that the house lacks', 'metrics/a.ts', '', 'room: no room or door of src is called metrics'],
    ['a file beside the doors', 'version.ts', '', 'room: no room or door of src is called version.ts'],
    [
      'a file system in a pure room',
      'score/a.ts',
      "import { readFile } from 'node:fs/promises'",
      'purity: imports node:fs/promises',
    ],
    ['a client in a log format', 'ingest/formats/a.ts', "import 'undici'", 'purity: imports undici'],
    [
      'DuckDB in a pure room',
      'report/a.tsx',
      "import * as duck from '@duckdb/node-api'",
      'purity: imports @duckdb/node-api',
    ],
    ['a clock in a pure room', 'sample/a.ts', 'export const at = Date.now()', 'purity: uses Date.now'],
    ['a date of now', 'gate/a.ts', 'export const at = new Date()', 'purity: uses new Date()'],
    ['a date of now, without brackets', 'gate/a.ts', 'export const at = +new Date', 'purity: uses new Date'],
    ['chance in a pure room', 'stats/a.ts', 'export const x = Math.random()', 'purity: uses Math.random'],
    ['the environment in a pure room', 'core/a.ts', "export const x = process.env['X']", 'purity: uses process.env'],
    ['printing in a pure room', 'replay/pacer.ts', "console.log('x')", 'purity: uses console.log'],
    [
      'chance by way of node:crypto',
      'core/a.ts',
      "import { createHash, randomInt } from 'node:crypto'",
      'purity: imports { createHash, randomInt } of node:crypto; createHash alone is pure',
    ],
    [
      'the network by way of a global',
      'replay/plan.ts',
      "const x = await fetch('https://example.org')",
      'purity: uses fetch(',
    ],
    ['an end of the process', 'commands/run.ts', 'process.exit(1)', 'exit: uses process.exit'],
    ['an exit status set', 'store/a.ts', 'process.exitCode = 3', 'exit: uses process.exitCode'],
    ['a default export', 'demo/a.ts', 'export default function x() {}', 'default export: exports are named'],
    [
      'a default export by name',
      'demo/a.ts',
      'const x = 1\nexport { x as default }',
      'default export: exports are named',
    ],
    ['a name that is not kebab-case', 'demo/fakeServer.ts', '', 'name: fakeServer is not kebab-case'],
    ['a folder that is not kebab-case', 'demo/Fake/server.ts', '', 'name: Fake is not kebab-case'],
    ['a room for what has no home', 'store/utils/rows.ts', '', 'room: utils is no home: a noun is missing'],
    ['a file for what has no home', 'store/helpers.ts', '', 'room: helpers is no home: a noun is missing'],
    ['a file that is too long', 'demo/a.ts', '\n'.repeat(300), 'length: 301 lines, not 300'],
    [
      'a metric that nobody lists',
      'score/metrics/speed.ts',
      'export const speed = {}',
      'roster: is not listed in score/metrics/index.ts',
    ],
    [
      'a provider that nobody lists',
      'providers/acme.ts',
      'export const acme = {} satisfies Provider',
      'roster: is not listed in providers/index.ts',
    ],
    ['a log format that nobody lists', 'ingest/formats/acme.ts', '', 'roster: is not listed in ingest/index.ts'],
    [
      'a report format that nobody lists',
      'report/csv.ts',
      'export const csv = {} as const satisfies ReportFormat',
      'roster: is not listed in report/index.ts',
    ],
    [
      'a command that nobody lists',
      'commands/go.ts',
      'export const go = {} satisfies Command',
      'roster: is not listed in commands/index.ts',
    ],
    [
      'a part of a command among the verbs',
      'commands/part.ts',
      'export const part = 1',
      'roster: is no Command: it belongs into a folder of commands',
    ],
  ])('%s', (_, path, code, expected) => {
    expect(inWords([{ path, text: `${first}\n${code}` }])).toContain(`${path}: ${expected}`)
  })

  test.each([
    ['none at all', 'export const x = 1'],
    ['one that is no sentence', '// todo\nexport const x = 1'],
    ['one in another form', '/* A file. */'],
    ['a blank line before it', '\n// A file.'],
  ])('a first line that says nothing: %s', (_, text) => {
    expect(checkHouse([{ path: 'demo/a.ts', text }]).map(({ rule }) => rule)).toEqual(['first line'])
  })
})

describe('the checker lets pass', () => {
  test.each([
    ['lower rooms, and its own', 'gate/a.ts', "import { x } from '../stats/index.ts'\nimport { y } from './y.ts'"],
    [
      'one room in its own folder',
      'commands/config/a.ts',
      "import { x } from '../world.ts'\nimport { y } from '../../store/y.ts'",
    ],
    ['the version at the door', 'index.ts', "import x from '../package.json' with { type: 'json' }"],
    ['hashes', 'core/id.ts', "import { createHash } from 'node:crypto'"],
    ['a date that was given', 'core/a.ts', 'export const at = (ms: number) => new Date(ms).toISOString()'],
    ['words in comments', 'core/a.ts', "// Never Date.now() here.\n/* import { x } from '../store/x.ts' */"],
    ['an address of a console', 'core/a.ts', "export const x = 'https://console.example.org/docs'"],
    ['an address in a string', 'core/a.ts', "export const x = 'https://example.org' // process.env\n"],
    ['the rim of a pure room', 'replay/send.ts', "import { Pool } from 'undici'\nsetTimeout(() => undefined, 1)"],
    ['the process at the door', '#', 'process.exitCode = 1'],
    ['300 lines', 'demo/a.ts', '\n'.repeat(299)],
    ['noun and reader of the providers', 'providers/sse.ts', ''],
    ['a file of the report room that is no format', 'report/words.ts', ''],
  ])('%s', (_, path, code) => {
    const door = path === '#'
    const text = `${door ? '#!/usr/bin/env node\n' : ''}${first}\n${code}`
    expect(inWords([{ path: door ? 'cli.ts' : path, text }])).toEqual([])
  })

  test('listed members and their parts', () => {
    const files = [
      { path: 'score/metrics/index.ts', text: `${first}\nexport { speed } from './speed.ts'` },
      {
        path: 'score/metrics/speed.ts',
        text: `${first}\nimport { unit } from './unit.ts'\nconst x = {} satisfies SideMetric\n`,
      },
      { path: 'score/metrics/unit.ts', text: `${first}\nexport const unit = 1` },
    ]
    expect(inWords(files)).toEqual([])
  })

  test('but not a member that only another member imports', () => {
    const files = [
      { path: 'score/metrics/index.ts', text: `${first}\nexport { speed } from './speed.ts'` },
      { path: 'score/metrics/speed.ts', text: `${first}\nimport { other } from './other.ts'` },
      { path: 'score/metrics/other.ts', text: `${first}\nexport const other = {} as const satisfies PairMetric\n` },
    ]
    expect(inWords(files)).toEqual(['score/metrics/other.ts: roster: is not listed in score/metrics/index.ts'])
  })
})

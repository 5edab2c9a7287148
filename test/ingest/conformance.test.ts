// What every log format promises, over the roster and the specimens that each carries.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/core/types.ts'
import { formats, recognise } from '../../src/ingest/index.ts'
import { isArray } from '../../src/providers/shape.ts'
import { jsonl, readAll, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const anyJson = fc.json({ maxDepth: 4 }).map((text): Json => JSON.parse(text))
/** JSON that has the words of logs in it, so that the readers get past their first question. */
const logLike = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, 'x', 200, true, '{"model":"a"}', '{'),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        'request',
        'response',
        'body',
        'custom_id',
        'url',
        'method',
        'messages',
        'model',
        'error',
        'metadata',
        'feedback',
        'status_code',
      ),
      tie('node'),
      { maxKeys: 6 },
    ),
  ),
})).node

/** 20,000 lists in each other: JSON that can be read, and that a recursion cannot walk. */
const deep: Json = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)

/** The JSON with that value in place of each of its values, one by one. */
function withEach(json: Json, value: Json): readonly Json[] {
  if (typeof json !== 'object' || json === null) return [value]
  const inner = Object.entries(json).flatMap(([field, each]): readonly Json[] =>
    withEach(each, value).map((changed) =>
      isArray(json) ? json.map((item, at) => (String(at) === field ? changed : item)) : { ...json, [field]: changed },
    ),
  )
  return [value, ...inner]
}

test('names are unique and kebab-case', () => {
  const names = formats.map((format) => format.name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
})

test('lines of nobody are recognised by nobody', () => {
  for (const line of [
    null,
    1,
    'x',
    [],
    {},
    { level: 'info', msg: 'started' },
    { request: 'GET /' },
    { request: {} },
    { messages: [] },
  ]) {
    expect(recognise([line])).toBeNull()
  }
  expect(recognise([])).toBeNull()
})

test('lines of two formats are of none', () => {
  const lines = formats.flatMap((format) => format.specimens.slice(0, 1).map((specimen) => specimen.line))
  expect(recognise(lines)).toBeNull()
})

describe.each(formats.map((format) => [format.name, format] as const))('%s', (_, format) => {
  test('recognises its own specimens, alone', () => {
    expect(format.specimens.length).toBeGreaterThan(1)
    for (const { line } of format.specimens) {
      expect(formats.filter((each) => each.recognises(line)).map((each) => each.name)).toEqual([format.name])
      expect(recognise([{ level: 'info' }, line])?.name).toBe(format.name)
    }
  })

  test('reads them as they say', () => {
    for (const { line, kind } of format.specimens) expect(format.read(line).map((entry) => entry.kind)).toEqual([kind])
  })

  test('refuses the specimens of the others, with a reason', () => {
    for (const other of formats) {
      if (other === format) continue
      for (const { line } of other.specimens) {
        for (const entry of format.read(line))
          expect(entry).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(/\w/) })
      }
    }
  })

  test('survives any JSON, and reads what it recognises', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, logLike), (line) => {
        const before = JSON.stringify(line)
        const entries = format.read(line)
        expect(entries.length).toBeGreaterThan(0)
        expect(format.recognises(line) || entries.every((entry) => entry.kind === 'rejected')).toBe(true)
        expect(JSON.stringify(line)).toBe(before)
      }),
      { numRuns: 500 },
    )
  })

  test('survives its specimens with any of their fields replaced', () => {
    const lines = format.specimens.map(({ line }) => line)
    const changes = fc.array(fc.tuple(fc.nat(), fc.oneof(anyJson, logLike)), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(fc.constantFrom(...lines), changes, (line, replaced) => {
        const fields = Object.keys(line)
        const values = replaced.map(([at, value]) => [fields[at % fields.length] ?? '', value] as const)
        const changed = { ...line, ...Object.fromEntries(values) }
        const entries = format.read(changed)
        expect(entries.length).toBeGreaterThan(0)
        expect(format.recognises(changed) || entries.every((entry) => entry.kind === 'rejected')).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('survives JSON that nests without end, wherever it stands', () => {
    for (const { line } of format.specimens) {
      for (const changed of withEach(line, deep)) {
        const entries = format.read(changed)
        expect(entries.length).toBeGreaterThan(0)
        for (const entry of entries) if (entry.kind === 'row') format.assemble?.([entry.row])
      }
    }
  })

  test('its specimens become records, through a file', async () => {
    const log = writeLog(folder, `${format.name}.jsonl`, jsonl(...format.specimens.map(({ line }) => line)))
    const { records, files } = await readAll([log])
    expect(files[0]?.format).toBe(format.name)
    expect(records.length).toBeGreaterThan(0)
    for (const record of records) expect(record.source.format).toBe(format.name)
  })
})

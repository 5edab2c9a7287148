// No reference case is forgotten: every field of the file is in its schema, and every section is read by a test.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { referenceSchema } from './reference-schema.ts'

const raw: unknown = JSON.parse(readFileSync(new URL('reference.json', import.meta.url), 'utf8'))

/** The paths of what the schema has dropped. */
function dropped(all: unknown, kept: unknown, path = ''): readonly string[] {
  if (kept === undefined) return [path]
  if (typeof all !== 'object' || all === null) return []
  return Object.entries(all).flatMap(([key, value]) =>
    dropped(value, (kept as Readonly<Record<string, unknown>>)[key], `${path}/${key}`),
  )
}

/** The code of the tests beside this one. */
function testsHere(): readonly string[] {
  return readdirSync(new URL('.', import.meta.url))
    .filter((name) => name.endsWith('.test.ts') && name !== 'reference.test.ts')
    .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
}

describe('the reference file', () => {
  it('has no field that its schema does not name', () => {
    expect(dropped(raw, referenceSchema.parse(raw))).toEqual([])
  })

  const sections = Object.keys(referenceSchema.shape).filter((name) => name !== '_meta')
  it.each(sections)('%s is read by a test', (section) => {
    const reading = new RegExp(`reference(\\.|: \\{[^}]*\\b)${section}\\b`)
    expect(testsHere().filter((code) => reading.test(code))).not.toEqual([])
  })
})

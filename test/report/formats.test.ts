// What every report format keeps, over the roster; and the golden report in each of them.

import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Decision } from '../../src/core/judgement.ts'
import { formats } from '../../src/report/index.ts'
import { reportInput } from './fixture.ts'
import { spread } from './fixture-spread.ts'
import { golden } from './golden.ts'

const input = reportInput()
const empty = reportInput({
  verdict: { ...input.verdict, findings: [], flags: [] },
  effects: [],
  examples: [],
  ...spread(0),
  run: { ...input.run, notes: [], finishedAt: null },
  counts: {
    ...input.counts,
    planned: 0,
    pairs: 0,
    excluded: {},
    servedModels: { production: [], candidate: [] },
    costUsd: { production: null, candidate: null },
  },
})
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const raw = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/

test('the roster lists every format once, by the name of its file', () => {
  const files = readdirSync(new URL('../../src/report/', import.meta.url))
  for (const { name } of formats) expect(files).toContain(`${name}.ts`)
  expect(new Set(formats.map(({ name }) => name)).size).toBe(formats.length)
  expect(formats.map(({ file }) => file)).toEqual(['report.html', 'comment.md', 'verdict.json', 'junit.xml'])
})

describe.each(formats)('$name', (format) => {
  const text = format.render(input)

  test('is as the golden file', () => {
    expect(text).toBe(golden(`golden/${format.file}`, text))
  })

  test('is the same for the same input', () => {
    expect(format.render(reportInput())).toBe(text)
  })

  test.each(['GO', 'INCONCLUSIVE', 'NO-GO', 'INVALID'] satisfies Decision[])('names the decision %s', (decision) => {
    const invalid = decision === 'INVALID' ? ['Production differs from itself in latency-p50.'] : []
    const rendered = format.render(reportInput({ verdict: { ...input.verdict, decision, invalid } }))
    expect(rendered).toContain(decision)
  })

  test('ends in a line feed, is well-formed Unicode, and holds no raw control character', () => {
    expect(text.endsWith('\n')).toBe(true)
    expect(text.isWellFormed()).toBe(true)
    expect(raw.exec(text)).toBeNull()
  })

  test('has no figure that went wrong', () => {
    expect(text).not.toMatch(/\bNaN\b|undefined|\[object/)
  })

  test('renders a run in which nothing was measured', () => {
    const rendered = format.render(empty)
    expect(rendered).toContain('NO-GO')
    expect(rendered).not.toMatch(/\bNaN\b|undefined|\[object/)
  })
})

test.each(formats.filter(({ name }) => name !== 'json'))(
  '$name shows hosts, and neither paths nor user info',
  (format) => {
    expect(format.render(input)).not.toContain('secret')
  },
)

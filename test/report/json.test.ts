// verdict.json against its published schema, and the schema against its source.

import { Validator } from '@cfworker/json-schema'
import { describe, expect, test } from 'vitest'
import { toVerdictJson, verdictJsonSchema, verdictSchemaId } from '../../src/report/index.ts'
import { verdictSchema } from '../../src/report/verdict-schema.ts'
import { reportInput } from './fixture.ts'
import { golden } from './golden.ts'

const input = reportInput()
const file = verdictSchema.parse(JSON.parse(toVerdictJson(input)))
const of = (metric: string) => file.findings.find((finding) => finding.metric === metric)

test('the committed JSON Schema is the one that the source makes', () => {
  const text = `${JSON.stringify(verdictJsonSchema(), null, 2)}\n`
  expect(text).toBe(golden('../../src/report/verdict.schema.json', text))
})

describe("by a stranger's validator", () => {
  const validator = new Validator(JSON.parse(JSON.stringify(verdictJsonSchema())), '2020-12')
  const told = (changes: object) => validator.validate(JSON.parse(JSON.stringify({ ...file, ...changes }))).valid
  test.each<readonly [why: string, changes: object, isValid: boolean]>([
    ['what is written is valid', {}, true],
    ['a field that a later release adds is, too', { added: { later: true } }, true],
    ['another version of the contract is not', { schema: 'shadowgate.verdict/2' }, false],
    ['an unknown decision is not', { decision: 'MAYBE' }, false],
    ['nor a field that is missing', { findings: undefined }, false],
  ])('%s', (_, changes, isValid) => expect(told(changes)).toBe(isValid))
  test('the schema has an id, with the version in it', () => {
    expect(verdictJsonSchema()).toMatchObject({ $id: 'urn:shadowgate:verdict:1', title: verdictSchemaId })
  })
})

describe('the file', () => {
  test('names its contract and keeps every finding', () => {
    expect(file.schema).toBe(verdictSchemaId)
    expect(file.findings).toHaveLength(input.verdict.findings.length)
    expect(file.run.targets.candidate.servedModels).toEqual(['gpt-4-0613'])
  })

  test('spells out infinity, which JSON has not', () => {
    expect(of('latency-p95')?.interval).toEqual({ low: 1.94, high: 'Infinity', level: 0.9 })
  })

  test('has nulls where nothing was measured', () => {
    const { production, estimate, interval, scale, pairs } = of('feedback') ?? {}
    expect([production, estimate, interval, scale, pairs]).toEqual([null, null, null, null, null])
  })

  test('keeps the noise floor', () => {
    expect(of('answered')?.noise).toEqual({
      estimate: 0,
      interval: { low: -0.004, high: 0.004, level: 0.9 },
      pairs: 394,
    })
  })
})

test('a number that went wrong is refused, not written as null', () => {
  const findings = input.verdict.findings.map((finding) => ({
    ...finding,
    effect: finding.effect && { ...finding.effect, estimate: Number.NaN },
  }))
  expect(() => toVerdictJson(reportInput({ verdict: { ...input.verdict, findings } }))).toThrow(/estimate/)
})

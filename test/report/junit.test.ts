// junit.xml: counted as CI counts, and well-formed XML 1.0 whatever the texts hold.

import { expect, test } from 'vitest'
import { junit } from '../../src/report/junit.ts'
import { reportInput } from './fixture.ts'
import { hostile } from './hostile.ts'
import { readXml, type XmlElement } from './xml.ts'

const input = reportInput()
const root = readXml(junit.render(input))
const all = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)])

test('a suite for each severity, a case for each finding', () => {
  expect(root.attributes).toMatchObject({ name: 'shadowgate: NO-GO', tests: '17', failures: '4', skipped: '4' })
  expect(all(root, 'testsuite').map((suite) => suite.attributes['tests'])).toEqual(['13', '2', '2'])
  expect(all(root, 'testcase')).toHaveLength(17)
})

test('case names are unique in their class and hold no figure, so that CI can follow them', () => {
  const names = all(root, 'testcase').map(({ attributes }) => `${attributes['classname']} ${attributes['name']}`)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('shadowgate.block latency-p50 in task=prime')
})

test('a failure says why, and a skipped case too', () => {
  const reasons = [...all(root, 'failure'), ...all(root, 'skipped')].map(({ attributes }) => attributes['message'])
  expect(reasons).toHaveLength(8)
  for (const reason of reasons) expect(reason).toMatch(/\w{3}/)
  expect(reasons.join('\n')).toMatch(/not evaluable: Nobody has rated/)
})

test('models, run and seed are properties of each suite', () => {
  for (const suite of all(root, 'testsuite')) {
    const named = all(suite, 'property').map(({ attributes }) => [attributes['name'], attributes['value']])
    expect(Object.fromEntries(named)).toMatchObject({
      run: /llmdrift/,
      production: 'gpt-4-0314',
      candidate: 'gpt-4-0613',
      seed: '7',
    })
  }
})

test('hostile text arrives as text', () => {
  const message = all(root, 'failure')
    .map(({ attributes }) => attributes['message'])
    .find((text) => text?.includes('CDATA'))
  expect(message).toContain(hostile.html)
  expect(message).toContain(hostile.xml)
})

test('a run that can’t be judged fails, even without a finding', () => {
  const verdict = {
    ...input.verdict,
    decision: 'INVALID' as const,
    findings: [],
    invalid: ['The arms differ from themselves.'],
  }
  const invalid = readXml(junit.render(reportInput({ verdict })))
  expect(invalid.attributes).toMatchObject({ name: 'shadowgate: INVALID', tests: '1', failures: '1' })
})

// What was asked, in words: the log and what of it was left out, personal data, looks and the end of a run.

import { describe, expect, test } from 'vitest'
import type { LeftOut, LogCounts, PrivacyFacts, ReportInput } from '../../src/report/input.ts'
import { askedModel } from '../../src/report/model/asked.ts'
import { reportInput } from './fixture.ts'

const input = reportInput()
const none = { full: 0, truncated: 0, redacted: 0, 'metadata-only': 0 }

function valueOf(name: string, changes: Partial<ReportInput>): string | undefined {
  const { groups } = askedModel({ ...input, ...changes })
  const found = groups.flatMap(({ facts }) => facts).find((fact) => fact.name === name)
  return found?.value.replaceAll('\u00a0', ' ')
}

function withLog(log: Partial<LogCounts>): Partial<ReportInput> {
  return { counts: { ...input.counts, log: { ...input.counts.log, ...log } } }
}

describe('requests', () => {
  test.each<readonly [why: string, records: LogCounts['records'], words: string]>([
    ['none', none, 'none'],
    ['all whole', { ...none, full: 1650 }, '1,650, all whole'],
    [
      'one in a hundred is not',
      { ...none, full: 99, truncated: 1 },
      '100, 99.0 % of them whole: 99 whole, 1 cut short',
    ],
    ['none is whole', { ...none, 'metadata-only': 7 }, '7, 0 % of them whole: 0 whole, 7 without their request'],
    [
      'of every kind',
      { full: 5, truncated: 1, redacted: 2, 'metadata-only': 2 },
      '10, 50.0 % of them whole: 5 whole, 1 cut short, 2 with parts taken out, 2 without their request',
    ],
  ])('%s', (_, records, words) => {
    expect(valueOf('Requests', withLog({ records }))).toBe(words)
  })
})

describe('personal data', () => {
  const facts: PrivacyFacts = { readings: 1, keeping: 0, isOn: true, replaced: {}, records: 0 }
  const limits = 'names and postal addresses are not found'
  test.each<readonly [why: string, facts: PrivacyFacts | null, words: string]>([
    ['an old store', null, 'not known: the log was read before that was noted'],
    ['kept', { ...facts, isOn: false, keeping: 1 }, 'kept as the log has it (privacy.personalData: false)'],
    ['none found', { ...facts, replaced: { IBANs: 0 } }, `none found; looked for: IBANs; ${limits}`],
    [
      'some found',
      { ...facts, replaced: { IBANs: 0, 'phone numbers': 1200 }, records: 1 },
      `replaced in 1 record: phone numbers (1,200); also looked for: IBANs; ${limits}`,
    ],
    ['in opinions alone', { ...facts, replaced: { IBANs: 2 } }, `replaced in feedback alone: IBANs (2); ${limits}`],
    [
      'read again, and kept once',
      { ...facts, readings: 3, keeping: 1, replaced: { IBANs: 0 } },
      `none found; looked for: IBANs; ${limits}; told of the latest of 3 readings; 1 earlier reading kept it as the log has it`,
    ],
  ])('%s', (_, privacy, words) => {
    expect(valueOf('Personal data', withLog({ privacy }))).toBe(words)
  })
})

describe('when it was judged', () => {
  const look = { records: 500, alphaPass: 0.01, alphaFail: 0.01, decided: {}, open: 2 }
  const ended = (stopped: ReportInput['run']['stopped'], looks: number): Partial<ReportInput> => ({
    run: { ...input.run, stopped },
    verdict: { ...input.verdict, looks: Array.from({ length: looks }, () => look) },
  })
  test.each<readonly [why: string, changes: Partial<ReportInput>, words: string]>([
    ['no looks', ended(null, 0), 'once, at the end'],
    ['looks, and to the end', ended(null, 5), 'at 5 looks along the way'],
    [
      'decided early',
      ended({ why: 'decided', because: 'Ended.', records: 1000 }, 2),
      'at look 2, after 1,000 of 2,114 pairs, and ended there',
    ],
    [
      'out of money',
      ended({ why: 'cost-limit', because: 'Ended.', records: null }, 0),
      'after 1,969 pairs: the limit of cost was reached',
    ],
    [
      'out of time',
      ended({ why: 'time-limit', because: 'Ended.', records: null }, 0),
      'after 1,969 pairs: the limit of time was reached',
    ],
  ])('%s', (_, changes, words) => {
    expect(valueOf('Judged', changes)).toBe(words)
  })
})

test('the costs of both arms are added up', () => {
  const costUsd = { production: 1.25, candidate: null }
  expect(valueOf('Cost of both arms', {})).toBe('$42.48')
  expect(valueOf('Cost of both arms', { counts: { ...input.counts, costUsd } })).toBe('$1.25')
})

test('what a sample left out is named only where it left something out', () => {
  const nothing = { duplicate: 0, fidelity: 0, api: 0, size: 0 }
  const sample = (left: Partial<typeof nothing>) => ({ run: { ...input.run, sample: { ...nothing, ...left } } })
  expect(valueOf('Sample', sample({}))).toBe('2,114 records; no request was left out')
  expect(valueOf('Sample', sample({ duplicate: 2, size: 1000 }))).toBe(
    '2,114 records; left out: 2 recurring, 1,000 beyond its size',
  )
})

test('of many reasons the frequent ones are told, and the others add up', () => {
  const many = Array.from({ length: 11 }, (_, at): LeftOut => ({ reason: `reason ${at}`, count: 100 - at }))
  const { leftOut } = askedModel({ ...input, ...withLog({ incomplete: many, unreadable: [] }) })
  expect(leftOut.map(({ reason }) => reason.replaceAll('\u00a0', ' '))).toEqual([
    ...many.slice(0, 7).map(({ reason }) => reason),
    '4 other reasons',
  ])
  expect(leftOut.at(-1)?.what.replaceAll('\u00a0', ' ')).toBe(`${93 + 92 + 91 + 90} requests`)
})

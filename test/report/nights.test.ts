// What a report says of the nights before: the alarms of its own night, each told once, and who answered the log.

import { describe, expect, it } from 'vitest'
import type { Across, Alarm } from '../../src/core/across.ts'
import type { ReportInput } from '../../src/report/input.ts'
import { json } from '../../src/report/json.ts'
import { markdown } from '../../src/report/markdown.ts'
import { nightFlags } from '../../src/report/model/nights.ts'
import { reportModel } from '../../src/report/model.ts'
import { reportInput } from './fixture.ts'

const base = reportInput()
const at = base.run.startedAt
const moved = (subject: string, p: number, runId = base.run.id): Alarm => ({
  kind: 'moved',
  of: 'rule',
  subject,
  from: 0,
  to: 0.2,
  p,
  runId,
  at,
  because: `${subject} moved.`,
})
const drifted: Alarm = { kind: 'drifted', metric: 'refused', p: 1e-9, runId: base.run.id, at, because: 'It drifted.' }

function across(alarms: readonly Alarm[], night = 7): Across {
  const repetition = { night, goes: 2, falseGoAtMost: 0.3, because: `The ${night}th night.` }
  return { alarms, turns: [], repetition, promise: { falseAlarmsPerYear: 0.05, because: '' } }
}
const withAlarms = (...alarms: readonly Alarm[]): ReportInput => ({ ...base, across: across(alarms) })
const flagsOf = (input: ReportInput) => nightFlags(input).map(({ words }) => words)

describe('alarms', () => {
  it('of other nights are not this one’s', () => {
    expect(flagsOf(withAlarms(moved('Answered', 1e-9, 'another-run')))).toEqual([])
  })
  it('of many figures are one line, by the one that is surest', () => {
    expect(flagsOf(withAlarms(moved('Answered', 1e-6), moved('Refused', 1e-9)))).toEqual([
      'Refused moved. So did: Answered.',
    ])
  })
  it('of drift are told by the verdict where it tells of it, and else here', () => {
    expect(flagsOf(withAlarms(drifted))).toEqual(['It drifted.'])
    const drift = { outcome: 'drifted' as const, because: '', findings: [], records: 0, leftOut: {} }
    expect(flagsOf({ ...withAlarms(drifted), verdict: { ...base.verdict, drift } })).toEqual([])
  })
  it('stand in the comment, escaped, and in verdict.json', () => {
    const input = withAlarms({ ...moved('Answered', 1e-9), because: 'Served by <img src=x onerror=a> now.' })
    expect(markdown.render(input)).not.toContain('<img')
    expect(markdown.render(input)).toContain('Served by')
    expect(JSON.parse(json.render(input)).nights).toEqual({
      night: 7,
      goes: 2,
      falseGoAtMost: 0.3,
      alarms: [{ kind: 'moved', because: 'Served by <img src=x onerror=a> now.' }],
    })
  })
})

describe('the log', () => {
  const counts = (recordedModels: readonly string[], now: readonly string[]) => ({
    ...base,
    counts: { ...base.counts, recordedModels, servedModels: { ...base.counts.servedModels, production: now } },
  })
  it('that another model answered is told by name', () => {
    expect(flagsOf(counts(['gpt-old', 'gpt-older'], ['gpt-new']))).toEqual([
      'The log was answered by gpt-old, gpt-older, production tonight by gpt-new.',
    ])
  })
  it.each([
    ['names one that answers now', ['gpt-old', 'gpt-new'], ['gpt-new']],
    ['names none', [], ['gpt-new']],
    ['is of a server that says nothing now', ['gpt-old'], []],
  ])('that %s is no news', (_why, recorded, now) => {
    expect(flagsOf(counts(recorded, now))).toEqual([])
  })
})

it('says from the second night on what waiting for a GO does', () => {
  expect(reportModel(withAlarms()).sureness).toContain('The 7th night.')
  expect(reportModel({ ...base, across: across([], 1) }).sureness).not.toContain('night')
})

// From what is kept of runs and what the journal tells to one history: each night once, what changed, and the page that says so.

import { describe, expect, it } from 'vitest'
import { historyFrom, historyText } from '../../src/report/history/history.ts'
import { historyModel } from '../../src/report/history/history-model.ts'
import { historyOf } from '../../src/report/history/history-of.ts'
import { historyHtml } from '../../src/report/html/history-page.tsx'
import { goldenText } from '../support/golden.ts'
import {
  across,
  exampleHistory,
  historyInput,
  historyOfDays,
  journalNight,
  keptNight,
  nightAt,
  policyDay,
  servedDay,
} from './fixture-nights.ts'

const dayOf = (at: string) => Math.round((Date.parse(at) - Date.parse(nightAt(0))) / 86_400_000)
const nothing = across([])

describe('a history', () => {
  it('has each night once, in its order, whether the store, the journal or both tell of it', () => {
    const input = historyInput(40)
    const { nights } = historyOf({ ...input, journal: input.journal.filter(({ begunAt }) => dayOf(begunAt) >= 10) })
    const days = Array.from({ length: 40 }, (_, day) => day).filter((day) => day !== 33 && day !== 34)
    expect(nights.map(({ at }) => dayOf(at))).toEqual(days)
    const of = (day: number) => nights.find(({ at }) => dayOf(at) === day)
    // The store alone tells of it: nobody knows how long it took.
    expect(of(3)).toMatchObject({
      kind: 'judged',
      runId: 'run-0003',
      status: null,
      tookMs: null,
      judged: { pairs: 1953 },
    })
    // The journal counted the pairs that came to their end.
    expect(of(15)).toMatchObject({
      kind: 'judged',
      status: 0,
      tookMs: 1_036_800,
      judged: { decision: 'GO', pairs: 1969 },
    })
    expect(of(12)).toMatchObject({ kind: 'failed', code: 'TARGET_UNREACHABLE', status: 69, judged: null })
    expect(of(18)).toMatchObject({
      kind: 'cut-off',
      because: expect.stringContaining('was cut off at the stage replay'),
    })
    expect(of(21)).toMatchObject({ kind: 'nothing-new', status: 4, judged: null })
  })

  it('gives a run that a later night brought home to that night', () => {
    const cut = journalNight(0, null, { state: 'cut-off', stage: 'replay', runId: 'run-0001' })
    const { nights } = historyOf({ ...historyInput(0), kept: [keptNight(1)], journal: [cut, journalNight(1)] })
    expect(nights.map(({ kind, judged }) => [kind, judged?.findings.length ?? null])).toEqual([
      ['cut-off', null],
      ['judged', 5],
    ])
  })

  it('keeps a decision that the journal alone still knows, and a night that runs', () => {
    const runs = journalNight(2, null, { state: 'running', stage: 'score' })
    const { nights } = historyOf({ ...historyInput(0), journal: [journalNight(1), runs] })
    expect(nights).toMatchObject([
      {
        kind: 'judged',
        judged: { decision: 'GO', findings: [], models: { production: 'gpt-4', candidate: 'gpt-4-new' } },
      },
      { kind: 'running', because: 'Process 4711 on nightly-1 is at the stage score.' },
    ])
  })

  it('says of no night that it took less than no time, where the clock was turned back', () => {
    const { nights } = historyOf({ ...historyInput(0), journal: [journalNight(1, { finishedAt: nightAt(0) })] })
    expect(nights[0]?.tookMs).toBe(0)
  })

  it('adds up what a night cost as far as prices are known', () => {
    const night = keptNight(0)
    const free = { ...night.run.targets.candidate, pricePerMillion: null }
    const costs = (kept: typeof night) =>
      historyOf({ ...historyInput(0), kept: [kept], journal: [] }).nights[0]?.judged?.costUsd
    expect(costs(night)).toBeCloseTo(2 * (0.4 * 30 + 0.09 * 60))
    const targets = { ...night.run.targets, candidate: free }
    expect(costs({ ...night, run: { ...night.run, targets } })).toBeCloseTo(0.4 * 30 + 0.09 * 60)
    expect(costs({ ...night, calls: {} })).toBeNull()
  })

  it('comes back from its text, infinite limits and all', () => {
    const open = keptNight(0)
    const [first, ...rest] = open.verdict.findings
    const effect = first?.effect && { ...first.effect, interval: { low: -Infinity, high: Infinity, level: 0.9 } }
    const findings = first ? [{ ...first, effect: effect ?? null }, ...rest] : []
    const history = historyOf({
      ...historyInput(5),
      kept: [{ ...open, verdict: { ...open.verdict, findings } }],
      journal: [],
    })
    expect(historyFrom(historyText(history))).toEqual(history)
    for (const other of ['', '{', 'null', '{"schema":"shadowgate/history@9"}']) expect(historyFrom(other)).toBeNull()
  })
})

describe('what changed since the night before on the same swap', () => {
  const changesOn = (day: number) => historyOfDays(50).nights.find(({ at }) => dayOf(at) === day)?.judged?.changes

  it('is nothing where nothing did', () => {
    expect(changesOn(5)).toEqual([])
  })

  it('names a rule whose margin was changed, and what the decision became', () => {
    expect(changesOn(policyDay)).toEqual([
      'INCONCLUSIVE became GO.',
      'The policy changed: Latency p95 20 % → 30 %.'.replace(/(\d) %/g, '$1\u00a0%'),
    ])
  })

  it('names another model behind the name', () => {
    expect(changesOn(servedDay)?.join(' ')).toMatch(/The candidate was served by gpt-4-1106/)
  })

  it('names the settings by which an arm is asked otherwise, and not what they hold', () => {
    const [one, two] = [keptNight(0), keptNight(1)]
    const candidate = {
      ...two.run.targets.candidate,
      baseUrl: 'https://key@secret.example/v1',
      overrides: { temperature: 0 },
    }
    const kept = [one, { ...two, run: { ...two.run, targets: { ...two.run.targets, candidate } } }]
    const { nights } = historyOf({ ...historyInput(0), kept, journal: [], across: nothing })
    expect(nights[1]?.judged?.changes).toEqual(['The candidate is asked otherwise: baseUrl, overrides changed.'])
  })

  it('names rules that came and went', () => {
    const [one, two] = [keptNight(0), keptNight(1)]
    const [first, ...rest] = one.policy.rules
    const rules = [...rest, { ...first, metric: 'same-text', margin: 0.1 } as (typeof rest)[number]]
    const kept = [one, { ...two, policy: { ...two.policy, rules } }]
    const { nights } = historyOf({ ...historyInput(0), kept, journal: [], across: nothing })
    expect(nights[1]?.judged?.changes).toEqual(['The policy changed: Same text is new; Answered is gone.'])
  })

  it('says once that production drifted, and that it is steady again', () => {
    const drift = (day: number, outcome: 'steady' | 'drifted') => {
      const night = keptNight(day)
      const said = { outcome, because: `Production is ${outcome}.`, findings: [], records: 40, leftOut: {} }
      return { ...night, verdict: { ...night.verdict, drift: said } }
    }
    const kept = [drift(0, 'steady'), drift(1, 'drifted'), drift(2, 'drifted'), drift(3, 'steady')]
    const history = historyOf({ ...historyInput(0), kept, journal: [], across: nothing })
    const changes = history.nights.map(({ judged }) => judged?.changes)
    expect(changes).toEqual([[], ['Production is drifted.'], [], ['Production is steady.']])
    expect(historyModel(history).head?.drift).toEqual({ hasDrifted: false, because: 'Production is steady.' })
    const drifted = historyModel(
      historyOf({ ...historyInput(0), kept: kept.slice(0, 3), journal: [], across: nothing }),
    )
    expect(historyHtml(drifted, () => false)).toContain('Production is not what it was')
  })

  it('is not told of a first night, or of another swap', () => {
    const other = keptNight(1)
    const targets = { ...other.run.targets, candidate: { ...other.run.targets.candidate, model: 'another' } }
    const kept = [keptNight(0), { ...other, run: { ...other.run, targets } }]
    const { nights } = historyOf({ ...historyInput(0), kept, journal: [], across: nothing })
    expect(nights.map(({ judged }) => judged?.changes)).toEqual([[], []])
  })
})

describe('the model', () => {
  it('opens with the newest decision, since when it holds, and over how many nights', () => {
    const { head } = historyModel(historyOfDays(58))
    expect(head).toMatchObject({
      since: 'INCONCLUSIVE since 2026-10-26 02:30 UTC, in 3\u00a0nights on end.',
      trouble: null,
    })
    const first = historyModel(historyOfDays(1)).head
    expect(first?.since).toBe('GO since 2026-09-01 02:30 UTC, for one night.')
  })

  it('says that a night since then came to nothing', () => {
    const input = historyInput(20)
    const night = journalNight(20, {
      kind: 'failed',
      runId: null,
      code: 'STORE_LOCKED',
      because: 'the store is in use',
    })
    const { head } = historyModel(historyOf({ ...input, journal: [...input.journal, night] }))
    expect(head?.trouble).toBe('The night of 2026-09-21 02:30 UTC came to no verdict: the store is in use')
  })

  it('groups nights by swap, the newest first', () => {
    const older = [0, 1].map((day) => keptNight(day))
    const newer = [2, 3].map((day) => {
      const night = keptNight(day)
      const candidate = { ...night.run.targets.candidate, model: 'gpt-5' }
      return { ...night, run: { ...night.run, targets: { ...night.run.targets, candidate } } }
    })
    const model = historyModel(historyOf({ ...historyInput(0), kept: [...older, ...newer], journal: [] }))
    expect(model.swaps.map(({ models, tally }) => [models.candidate, tally.replace('\u00a0', ' ')])).toEqual([
      ['gpt-5', '2 nights judged: 2 GO'],
      ['gpt-4-new', '2 nights judged: 2 GO'],
    ])
  })

  it('says from when to when which model answered', () => {
    const served = historyModel(historyOfDays(30)).swaps[0]?.served
    expect(served).toEqual([
      { arm: 'production', served: 'gpt-4-0613', from: '2026-09-01', to: '2026-09-30', nights: '27' },
      { arm: 'candidate', served: 'gpt-4-1106', from: '2026-09-26', to: '2026-09-30', nights: '5' },
      { arm: 'candidate', served: 'gpt-4-0914', from: '2026-09-01', to: '2026-09-25', nights: '22' },
    ])
  })

  it('says that no night was judged where none was', () => {
    const { head, swaps, nights } = historyModel(historyOf({ ...historyInput(0), journal: [] }))
    expect([head, swaps, nights]).toEqual([null, [], []])
  })
})

describe('the page', () => {
  it('reports/example/nights.html is what is written', () => {
    const file = new URL('../../reports/example/nights.html', import.meta.url)
    const page = historyHtml(historyModel(exampleHistory()), () => false)
    // Not `toBe`: a difference in a hundred kilobytes is git's to show.
    expect(goldenText(file, page) === page, 'npm run golden writes it anew').toBe(true)
  })

  it('links to the reports that are there, and to no other', () => {
    const page = historyHtml(historyModel(historyOfDays(10)), (runId) => runId === 'run-0003')
    const links = new Set([...page.matchAll(/href="([^"#]*)"/g)].map(([, to]) => to))
    expect([...links]).toEqual(['run-0003/report.html'])
  })

  it('stays small however many nights there are', () => {
    const many = historyOfDays(1000, { across: nothing })
    const page = historyHtml(historyModel(many), () => true)
    expect(Buffer.byteLength(page)).toBeLessThan(250_000)
    expect(page).toContain('818 older nights are not shown')
  })
})

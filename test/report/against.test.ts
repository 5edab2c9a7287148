// What changed since another run, in words: the decision, the line, the figures, and every format.

import { describe, expect, it, test } from 'vitest'
import type { FindingOutcome } from '../../src/core/judgement.ts'
import { formats } from '../../src/report/index.ts'
import { toVerdictJson } from '../../src/report/json.ts'
import { againstModel } from '../../src/report/model/against.ts'
import { verdictSchema } from '../../src/report/verdict-schema.ts'
import { reportInput } from './fixture.ts'
import { evening, interval, modelOf, now, plain, withEffect, withFinding } from './fixture-against.ts'
import { hostile } from './hostile.ts'

describe('the decision', () => {
  const outcome = (metric: string, then: FindingOutcome) =>
    withFinding(metric, (finding) => ({ ...finding, outcome: then }))

  it('that stays says so, and by which rules', () => {
    expect(modelOf(evening())?.since?.decision).toBe(
      'NO-GO then and now, by Answered, Latency p95, Latency p50 in task=prime.',
    )
  })

  it('that stays for other reasons names both', () => {
    const verdict = outcome('answered', 'pass')
    expect(modelOf(evening({ verdict }))?.since?.decision).toBe(
      'NO-GO then and now: by Latency p95, Latency p50 in task=prime then, by Answered, Latency p95, Latency p50 in task=prime now.',
    )
  })

  it('that turned names the rules that turned it, and whether their effects did', () => {
    const findings = now.verdict.findings.map((finding) =>
      finding.outcome === 'fail' && finding.rule.severity === 'block'
        ? { ...finding, outcome: 'pass' as const }
        : finding,
    )
    const decided = modelOf(evening({ verdict: { ...now.verdict, decision: 'GO', findings } }))?.since?.decision
    expect(decided).toBe(
      'GO then, NO-GO now: Answered, Latency p50 in task=prime passed then and fail now, though their effects are not shown to differ; ' +
        'Latency p95 passed then and fails now, and whether its effect differs can’t be told.',
    )
    const faster = findings.map((finding) =>
      finding.rule.metric === 'latency-p95' && finding.effect
        ? { ...finding, effect: { ...finding.effect, estimate: 1, interval: interval(0.95, 1.05) } }
        : finding,
    )
    expect(
      modelOf(evening({ verdict: { ...now.verdict, decision: 'GO', findings: faster } }))?.since?.decision,
    ).toContain('Latency p95 passed then and fails now, and its effect is worse than then')
  })

  it('that a new rule turned says that it is new', () => {
    const findings = now.verdict.findings.filter(
      ({ outcome: each, rule }) => each !== 'fail' || rule.severity !== 'block',
    )
    expect(modelOf(evening({ verdict: { ...now.verdict, decision: 'GO', findings } }))?.since?.decision).toMatch(
      /^GO then, NO-GO now: Answered, Latency p95, Latency p50 in task=prime are new rules and fail now\.$/,
    )
  })

  it('that is held is another than one that is not', () => {
    const verdict = { ...now.verdict, decision: 'GO' as const, findings: outcome('answered', 'pass').findings }
    const held = reportInput({
      verdict: { ...verdict, held: true },
      against: evening({ verdict: { ...verdict, findings: outcome('refused', 'pass').findings } }),
    })
    expect(againstModel(held)?.since?.decision).toMatch(/^GO then, GO, held now: Refused passed then and fails now, /)
  })
})

describe('the line', () => {
  it('says that nothing is shown to differ', () => {
    expect(modelOf(evening())?.line).toBe(
      'Since 2026-11-22 02:30 UTC (NO-GO): no rule and no change is shown to differ.',
    )
  })
  it('counts what is', () => {
    const verdict = withEffect('latency-p50', { estimate: 0.6, interval: interval(0.57, 0.63) })
    const line = modelOf(
      evening({ verdict, changes: now.changes && { ...now.changes, clusters: now.changes.clusters.slice(1) } }),
    )?.line
    expect(plain(line)).toBe('Since 2026-11-22 02:30 UTC (NO-GO): 1 rule worse, 1 new change.')
  })
  it('is one sentence where there is no earlier run, in every report but the JSON', () => {
    const input = reportInput({ against: 'none-earlier' })
    expect(againstModel(input)).toEqual({
      line: 'Nothing to compare with: no run was judged before this one.',
      since: null,
    })
    for (const { name, render } of formats) {
      if (name !== 'json')
        expect(render(input), name).toContain('Nothing to compare with: no run was judged before this one.')
    }
    expect(JSON.parse(toVerdictJson(input)).against).toBeNull()
  })
  it('is nowhere where nobody asked', () => {
    expect(againstModel(now)).toBeNull()
    for (const { name, render } of formats)
      if (name !== 'html') expect(render(now), name).not.toMatch(/Since 2|Nothing to compare/)
  })
})

describe('the figures', () => {
  it('stand beside each other: pairs, exclusions, cost, latency', () => {
    const counts = { ...now.counts, pairs: 1800, excluded: {}, costUsd: { production: 30, candidate: null } }
    const latencies = { production: Float64Array.of(300, 100, 200), candidate: new Float64Array() }
    const figures = modelOf(evening({ counts, latencies }))?.since?.figures.map((each) =>
      [each.name, each.earlier, each.now].map(plain),
    )
    expect(figures?.slice(0, 5)).toEqual([
      ['Pairs', '1,800 of 2,000 planned', '1,969 of 2,000 planned'],
      ['Excluded', 'none', '31 (1.6 %)'],
      ['Production, cost', '$30.00', '$31.40'],
      ['Candidate, cost', 'no price given', '$11.07'],
      ['Production, latency p50', '200 ms', '813 ms'],
    ])
    expect(figures?.at(-1)).toEqual(['Candidate, latency p99', 'not measured', 'no answer'])
  })
})

describe.each(formats)('$name', ({ name, render }) => {
  const evil = Object.values(hostile).join(' ')
  const verdict = withEffect('latency-p50', { estimate: 0.6, interval: interval(0.57, Infinity) })
  const candidate = { ...now.run.targets.candidate, model: evil }
  const earlier = evening({
    verdict: { ...verdict, because: evil },
    policy: { ...now.policy, segments: ['task', evil] },
    run: { ...evening().run, targets: { ...now.run.targets, candidate } },
    changes: now.changes && { ...now.changes, clusters: now.changes.clusters.slice(2) },
    shared: 12,
  })
  const text = render(reportInput({ against: earlier }))

  it('says what changed, whatever the run of then is called', () => {
    expect(text).toContain('Since 2026-11-22 02:30 UTC (NO-GO)')
    expect(text.isWellFormed()).toBe(true)
    expect(text).not.toMatch(/\bNaN\b|undefined|\[object/)
    // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/)
    if (name === 'html') expect(text).not.toContain('<script')
    if (name !== 'json') expect(text).not.toContain('secret')
  })

  it('is the same for the same input', () => {
    expect(render(reportInput({ against: earlier }))).toBe(text)
  })
})

test('verdict.json holds the numbers behind the words', () => {
  const verdict = withEffect('latency-p50', { estimate: 0.6, interval: interval(0.57, 0.63) })
  const { against } = verdictSchema.parse(
    JSON.parse(toVerdictJson(reportInput({ against: evening({ verdict, shared: 12 }) }))),
  )
  expect(against).toMatchObject({
    run: { id: '20261122T023000Z-llmdrift' },
    decision: 'NO-GO',
    held: false,
    sharedRecords: 12,
    unlike: [],
  })
  const rule = against?.rules.find(({ metric, segment }) => metric === 'latency-p50' && segment === null)
  expect(rule).toMatchObject({
    told: 'worse',
    earlier: { outcome: 'pass', severity: 'block', margin: 0.2, estimate: 0.6 },
    now: { estimate: 0.981 },
    shift: { estimate: expect.closeTo(1.635, 6), interval: { level: 0.95 } },
  })
  expect(rule?.shift?.p).toBeLessThan(0.001)
  const p95 = against?.rules.find(({ metric, segment }) => metric === 'latency-p95' && segment === null)
  expect(p95?.now?.interval?.high).toBe('Infinity')
  expect(against?.changes?.map(({ told }) => told)).toEqual(['same', 'same', 'same', 'same'])
})

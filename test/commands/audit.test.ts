// The gate before its judge: sound on models that do not differ, unsound where it is made so, and the sentence that says it.

import { describe, expect, it } from 'vitest'
import { type AuditOptions, auditRun } from '../../src/commands/audit/audit-run.ts'
import { auditText, conclusionOf } from '../../src/commands/audit/audit-text.ts'
import type { Policy, Run } from '../../src/core/judgement.ts'
import { seededBy } from '../../src/core/random.ts'
import { defaultLookPolicy, rolloutPolicy } from '../../src/gate/policy.ts'
import { metrics } from '../../src/score/metrics/index.ts'
import { columnsOf } from '../score/calls.ts'
import { type Measured, partsOf } from '../score/tables.ts'
import { runOf } from '../support/nouns.ts'

const size = 400
const begin = () => seededBy(7, 'audit test')
let random = begin()
const normal = () => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit())
const each = (of: () => number) => Array.from({ length: size }, of)

/** Production's two answers to each record: lognormal latencies, one error in two hundred, tokens, a few refusals. */
function twoAnswers(comparison: 'noise' | 'candidate'): Measured[] {
  const side = (metric: string, of: () => number): Measured => ({
    metric,
    comparison,
    production: each(of),
    candidate: each(of),
  })
  return [
    side('answered', () => (random.unit() < 0.005 ? 0 : 1)),
    side('latency', () => Math.exp(6 + 0.5 * normal())),
    side('output-tokens', () => Math.round(50 + 300 * random.unit())),
    side('refused', () => (random.unit() < 0.02 ? 1 : 0)),
  ]
}

const segments = Array.from({ length: size }, (_, index) => ({ task: index % 4 === 0 ? 'rare' : 'common' }))

function options(parts: Partial<AuditOptions> = {}, comparison: 'noise' | 'candidate' = 'noise'): AuditOptions {
  // Each test has the same pairs, whichever ran before it.
  random = begin()
  const answered = { metric: 'answered', production: each(() => 1), candidate: each(() => 1) }
  const measured = comparison === 'noise' ? [answered, ...twoAnswers('noise')] : twoAnswers('candidate')
  const { records, rows } = partsOf({ segments, measured })
  const wanted = new Set(['answered', 'latency-p50', 'refused', 'output-tokens', 'feedback', 'text-similarity'])
  const policy: Policy = {
    ...rolloutPolicy,
    rules: rolloutPolicy.rules.filter(({ metric }) => wanted.has(metric)),
    segments: ['task'],
    looks: null,
  }
  const run: Run = runOf('audited')
  const base = {
    run,
    records,
    measures: columnsOf(rows),
    sentAt: null,
    policy,
    metrics,
    draws: 40,
    pairs: 1000,
    seed: 1,
  }
  return { ...base, onProgress: () => {}, ...parts }
}

describe('an audit', () => {
  it('finds the default policy sound, and that it sees what is planted', async () => {
    const audit = await auditRun(options())
    const { isSound, sentence, status } = conclusionOf(audit)
    expect([audit.source, audit.sourcePairs, isSound]).toEqual(['noise', size, true])
    expect(audit.self.blocked + audit.self.held + audit.self.go + audit.self.inconclusive).toBe(40)
    expect(audit.self.blocked).toBeLessThanOrEqual(8)
    expect(audit.planted.map(({ name, seen }) => [name, seen >= 32])).toEqual([
      ['latency × 1.5', true],
      ['3 pp more calls without an answer', true],
      ['5 pp more refusals', true],
      ['output tokens × 2', true],
      ['latency × 2 in task=rare alone', true],
    ])
    expect(status).toBe(0)
    expect(sentence).toMatch(
      /^With 1,000 pairs this gate blocks a model that has not changed in [\d.]+ % of runs\. It catches latency × 1\.5/,
    )
    expect(audit.unaudited.map(({ metric }) => metric)).toEqual(['feedback', 'text-similarity'])
    // The power curve rises from "shown to hold" to "shown to be broken".
    const latency = audit.rules.find(({ metric }) => metric === 'latency-p50')
    expect(latency?.points[0]).toMatchObject({ margins: 0, breaks: 0 })
    expect(latency?.points[0]?.holds).toBeGreaterThan(0.9)
    expect(latency?.points.at(-1)).toEqual({ margins: 3, holds: 0, breaks: 1 })
    expect(auditText(audit, conclusionOf(audit))).toContain(
      '40 samples of 1,000 pairs, drawn from 400 pairs of production with itself',
    )
  })

  it('is the same by the same seed', async () => {
    const once = () => auditRun(options({ draws: 20, pairs: 200 }))
    // The pairs are made by one generator: the same ones for both.
    const own = options({ draws: 20, pairs: 200 })
    expect(await auditRun(own)).toEqual(await auditRun(own))
    expect((await once()).draws).toBe(20)
  })

  it('looks along the way as the replay would, and pays for it in certainty', { timeout: 120_000 }, async () => {
    // One rule, and a margin so near that what earlier looks take of the level decides a draw.
    const own = options({ draws: 40, pairs: 140 })
    const rules = own.policy.rules
      .filter(({ metric }) => metric === 'latency-p50')
      .map((rule) => ({ ...rule, margin: 0.1 }))
    const policy: Policy = { ...own.policy, rules, segments: [] }
    const [whole, looked] = [
      await auditRun({ ...own, policy }),
      await auditRun({ ...own, policy: { ...policy, looks: { ...defaultLookPolicy, minMinutes: 0 } } }),
    ]
    expect(conclusionOf(looked).isSound).toBe(true)
    expect(looked.planted[0]).toMatchObject({ blocked: 40 })
    expect(looked.self.go).toBeLessThan(whole.self.go)
  })

  it('swaps the arms at random where production was not asked twice', async () => {
    const audit = await auditRun(options({ draws: 20, pairs: 300 }, 'candidate'))
    expect([audit.source, conclusionOf(audit).isSound]).toEqual(['swapped', true])
  })

  it('finds a gate unsound that blocks what has not changed', async () => {
    const own = options({ draws: 40 })
    // A level of 70 % in each direction, and any difference is too much: six of ten unchanged models are blocked.
    const rules = own.policy.rules
      .filter(({ metric }) => metric === 'output-tokens' || metric === 'latency-p50')
      .map((rule) => ({ ...rule, mode: 'difference' as const, severity: 'block' as const }))
    const audit = await auditRun({ ...own, policy: { ...own.policy, rules, level: 0.7, segments: ['task'] } })
    const { isSound, status } = conclusionOf({ ...audit, level: 0.95 })
    expect(audit.self.blocked).toBeGreaterThan(8)
    expect([isSound, status]).toEqual([false, 1])
  })

  it('says what it would miss', async () => {
    const audit = await auditRun(options({ draws: 20, pairs: 100 }))
    const { sentence, status } = conclusionOf(audit)
    expect(sentence).toMatch(/It would miss .*: for those it takes more pairs, or a rule\.$/)
    expect(status).toBe(2)
  })
})

// The demo, as a newcomer runs it: real data, two real servers, a verdict, a report.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli, temporaryFolder } from '../support/cli.ts'

function verdictIn(folder: string, stdout: string) {
  const file = /report {3}(\S*verdict\.json)/.exec(stdout)?.[1] ?? ''
  return JSON.parse(readFileSync(join(folder, file), 'utf8'))
}

const example: StoredVerdict = JSON.parse(
  readFileSync(new URL('../../reports/example/verdict.json', import.meta.url), 'utf8'),
)

interface StoredFinding {
  readonly metric: string
  readonly segment: { readonly value: string } | null
  readonly outcome: string
  readonly production: number | null
  readonly candidate: number | null
  readonly estimate: number | null
  readonly interval: { readonly low: number; readonly high: number | 'Infinity' } | null
}

interface StoredVerdict {
  readonly decision: string
  readonly because: string
  readonly run: { readonly dataset: object }
  readonly findings: readonly StoredFinding[]
}

/** A ratio of times is the machine's too: the example has none of its delays. */
const timesMayDifferBy = 0.25
/** Of 50 ms that production takes for a LeetCode problem: where more is added, a candidate twice as slow is hard to tell. */
const calmMs = 20

/** What the machine added to production's times: the servers' own are those of the example. */
function addedMs(shown: StoredFinding, real: StoredFinding | undefined): number {
  return Math.max(0, (real?.production ?? 0) - (shown.production ?? 0))
}

/** It adds as much to the candidate's, and a ratio comes nearer to 1. */
function withDelays(shown: StoredFinding, ms: number): number {
  return ((shown.candidate ?? 0) + ms) / ((shown.production ?? 0) + ms)
}

/** The rules that a NO-GO names; on a busy machine without those on times. */
function broken(because: string, isCalm: boolean): readonly string[] {
  const rules = because
    .replace(/^.*?: /, '')
    .replace(/\.$/, '')
    .split(', ')
  return rules.filter((rule) => isCalm || !isTime(rule))
}

/** The example in `reports/example/` is made without servers and without time; it must say what this run found. */
function expectSameStory(shown: StoredVerdict, real: StoredVerdict): void {
  const named = ({ metric, segment }: StoredFinding) => `${metric} ${segment?.value ?? ''}`
  const found = new Map(real.findings.map((finding) => [named(finding), finding]))
  const { decision, run } = shown
  expect({ decision, dataset: run.dataset }).toEqual({ decision: real.decision, dataset: real.run.dataset })
  const leetcode = shown.findings.find((finding) => named(finding) === 'latency-p50 leetcode')
  if (!leetcode) throw new Error('the example says nothing of LeetCode')
  const slower = found.get(named(leetcode))
  const isCalm = addedMs(leetcode, slower) <= calmMs
  expect(broken(shown.because, true)).toContain('latency-p50 in task=leetcode')
  expect(broken(real.because, isCalm)).toEqual(broken(shown.because, isCalm))
  // Masked in the whole: LeetCode got slower. A busy machine may hide by how much, and never shows it faster.
  expect(isCalm ? ['fail'] : ['fail', 'inconclusive']).toContain(slower?.outcome)
  expect(slower?.estimate).toBeGreaterThan(1)
  expect(shown.findings.map(named)).toEqual([...found.keys()])
  for (const finding of shown.findings) {
    // A busy machine's delays are no longer alike in both arms.
    if (!isCalm && isTime(finding.metric)) continue
    const { metric, outcome, estimate, interval } = finding
    const other = found.get(named(finding))
    if (estimate === null || interval === null) {
      expect({ outcome: other?.outcome, estimate: other?.estimate }, named(finding)).toEqual({ outcome, estimate })
      continue
    }
    // Which of two answers to one prompt comes first is chance, within what the interval allows for.
    const chance = (Number(interval.high) - interval.low) / 2 + 0.005
    const bound = isTime(metric) ? Math.max(chance, timesMayDifferBy * Math.max(1, estimate)) : chance
    const expected = isTime(metric) ? withDelays(finding, addedMs(finding, other)) : estimate
    expect(Math.abs((other?.estimate ?? Number.NaN) - expected), named(finding)).toBeLessThanOrEqual(bound)
    if (!isTime(metric)) expect(other?.outcome, named(finding)).toBe(outcome)
  }
}

function isTime(metric: string): boolean {
  return /^(?:latency|ttft|throughput|itl)/.test(metric)
}

describe('shadowgate demo', () => {
  it("stops GPT-4's update of June 2023, for reasons that the data hold", { timeout: 120_000 }, async () => {
    const folder = temporaryFolder()
    const result = await runCli(['demo'], { cwd: folder })
    expect(result.stderr).not.toMatch(/error\[/)
    expect(result.status, 'demo ends in 0').toBe(0)
    expect(result.stdout).toContain('shadowgate run would have exited with 1 (NO-GO)')
    expect(result.stdout).toMatch(/^\d+ passed, \d+ failed, \d+ skipped$/m)
    for (const name of ['report.html', 'comment.md', 'verdict.json', 'junit.xml']) {
      const path = new RegExp(`report {3}(\\S*${name.replace('.', '\\.')})`).exec(result.stdout)?.[1] ?? ''
      expect(existsSync(join(folder, path)), name).toBe(true)
    }
    const verdict = verdictIn(folder, result.stdout)
    expect(verdict.decision).toBe('NO-GO')
    // Whoever has run it in an empty folder goes on there, by what it says.
    const config = /shadowgate gate (--config \S+)$/m.exec(result.stdout)?.[1]?.split(' ') ?? []
    const reviewed = await runCli(['review', ...config, '--regression', 'e76e'], { cwd: folder })
    expect([reviewed.status, reviewed.stdout]).toEqual([0, expect.stringContaining('newly refused')])
    const gated = await runCli(['gate', ...config], { cwd: folder })
    expect([gated.status, gated.stdout]).toEqual([1, expect.stringContaining('called task=sensitive · newly refused')])
    expect((await runCli(['report', ...config], { cwd: folder })).stdout).toMatch(/^reports\/.*report\.html$/m)
    const outcome = (metric: string, task: string | null) =>
      verdict.findings.find(
        (finding: { metric: string; segment: { value: string } | null }) =>
          finding.metric === metric && (finding.segment?.value ?? null) === task,
      )
    // Latency, tokens and cost all improve while the answers break: the classic false GO.
    expect(outcome('latency-p50', null).outcome).toBe('pass')
    expect(outcome('output-tokens', null).estimate).toBeLessThan(0.05)
    expect(outcome('text-similarity', null).outcome).toBe('fail')
    expect(outcome('text-similarity', 'prime').outcome).toBe('fail')
    // Masked in the whole: sensitive questions are refused more often.
    expect(outcome('refused', 'sensitive').outcome).toBe('fail')
    expect(verdict.flags.join(' ')).toContain('refused in task=sensitive')
    expect(verdict.counts.pairs).toBe(1648)
    expectSameStory(example, verdict)
  })

  it('finds no regression where production meets itself', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder()
    const result = await runCli(['demo', '--candidate', 'same'], { cwd: folder })
    expect(result.status).toBe(0)
    const verdict = verdictIn(folder, result.stdout)
    const failed = verdict.findings.filter(
      (finding: { outcome: string; severity: string }) => finding.outcome === 'fail' && finding.severity === 'block',
    )
    expect(failed).toEqual([])
    const latency = ({ findings }: StoredVerdict) => findings.find(({ metric }) => metric === 'latency-p50')
    const shown = latency(example)
    if (!shown) throw new Error('the example says nothing of latency')
    if (addedMs(shown, latency(verdict)) <= calmMs) {
      expect({ decision: verdict.decision, held: verdict.held }).toEqual({ decision: 'GO', held: false })
      expect(result.stdout).toContain('shadowgate run would have exited with 0 (GO)')
    }
    // A busy machine may leave times undecided, and nothing else.
    expect(['GO', 'INCONCLUSIVE']).toContain(verdict.decision)
    const undecided = verdict.findings.filter(
      ({ outcome, severity, metric, segment }: StoredFinding & { readonly severity: string }) =>
        outcome === 'inconclusive' && severity === 'block' && segment === null && !isTime(metric),
    )
    expect(undecided).toEqual([])
  })

  it('names the words that --candidate takes', async () => {
    const result = await runCli(['demo', '--candidate', 'july'], { cwd: temporaryFolder() })
    expect(result.status).toBe(64)
    expect(result.stderr).toContain('error[USAGE]')
    expect(result.stderr).toContain('june or same')
  })
})

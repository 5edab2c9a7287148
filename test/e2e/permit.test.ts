// What opens the canary: the GO of a real run about these targets by these rules, and nothing that only looks like it.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { type PermitOptions, permitOf } from '../../src/commands/canary/journal/permit.ts'
import { loadConfig } from '../../src/commands/config/load.ts'
import { policyOf, targetsOf } from '../../src/commands/config/resolve.ts'
import { Fault } from '../../src/core/fault.ts'
import type { VerdictFile } from '../../src/report/verdict-schema.ts'
import { runCli } from '../support/cli.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { askDoor } from '../support/router-door.ts'
import { journalOf, startRouter } from '../support/served.ts'
import { startAnswering } from '../support/target.ts'

interface Loose {
  targets: Record<'production' | 'candidate', Record<string, unknown>>
  gate: unknown
}

/** What changed since the verdict, in the file or in the config; and the sentence. */
const refused: readonly [
  string,
  { file?: (verdict: VerdictFile) => object | string; config?: (config: Loose) => void; hours?: number },
  string,
  string,
][] = [
  [
    'NO-GO',
    { file: (verdict) => ({ ...verdict, decision: 'NO-GO' }) },
    'the verdict is NO-GO, not GO',
    'shadowgate run',
  ],
  [
    'INCONCLUSIVE',
    { file: (verdict) => ({ ...verdict, decision: 'INCONCLUSIVE' }) },
    'the verdict is INCONCLUSIVE, not GO',
    'shadowgate run',
  ],
  [
    'INVALID',
    { file: (verdict) => ({ ...verdict, decision: 'INVALID' }) },
    'the verdict is INVALID, not GO',
    'shadowgate run',
  ],
  ['held', { file: (verdict) => ({ ...verdict, held: true }) }, 'held until a person has looked', 'shadowgate review'],
  [
    'older than the limit',
    { hours: 49 },
    'the verdict is 49 hours old; canary.permit.maxAgeHours allows 48',
    'shadowgate run',
  ],
  [
    'of a day to come',
    { hours: -25 },
    "which is 25 hours ahead of this machine's clock",
    'set the clock that is wrong',
  ],
  [
    'without a time',
    { file: (verdict) => ({ ...verdict, run: { ...verdict.run, finishedAt: 'lately' } }) },
    'does not say when it was given',
    'shadowgate run',
  ],
  [
    'another candidate',
    { config: ({ targets }) => (targets.candidate['model'] = 'third') },
    'about another candidate: test-model-next at http',
    'shadowgate run',
  ],
  [
    'another production',
    { config: ({ targets }) => (targets.production['baseUrl'] = 'http://127.0.0.1:9/v1') },
    'about another production',
    'shadowgate run',
  ],
  [
    'other overrides',
    { config: ({ targets }) => (targets.candidate['overrides'] = { temperature: 0 }) },
    'other overrides: targets.candidate.overrides has changed since',
    'shadowgate run',
  ],
  [
    'other names of fields',
    { config: ({ targets }) => (targets.candidate['rename'] = { max_tokens: 'n' }) },
    'other rename: targets.candidate.rename has changed since',
    'shadowgate run',
  ],
  [
    'another beta',
    { config: ({ targets }) => (targets.candidate['headers'] = { 'anthropic-beta': 'thinking', 'x-pass': 'another' }) },
    'a candidate with other headers: anthropic-beta in targets.candidate.headers',
    'shadowgate run',
  ],
  [
    'a header less',
    { config: ({ targets }) => delete targets.candidate['headers'] },
    'a candidate with other headers: anthropic-beta, x-pass in targets.candidate.headers',
    'shadowgate run',
  ],
  [
    'a stricter margin',
    {
      config: (config) => (config.gate = { rules: [...withoutLatency, { metric: 'answered', margin: '0.1%' }] }),
    },
    'by another rule about answered: block worse 0.01, and the config has block worse 0.001',
    'shadowgate gate',
  ],
  [
    'a rule that it does not know',
    { config: (config) => (config.gate = { rules: [] }) },
    'the verdict knows no rule about latency-p50',
    'shadowgate gate',
  ],
  [
    'a rule turned to a pass',
    {
      file: (verdict) => ({
        ...verdict,
        findings: verdict.findings.map((each) => (each.metric === 'answered' ? { ...each, outcome: 'fail' } : each)),
      }),
    },
    'contradicts itself: it says GO, and not that the rule about answered held',
    'shadowgate gate',
  ],
  [
    'without its findings',
    { file: (verdict) => ({ ...verdict, findings: [] }) },
    'the verdict knows no rule about answered',
    'shadowgate gate',
  ],
  [
    'cut off',
    { file: (verdict) => JSON.stringify(verdict).slice(0, -100) },
    'this is no verdict of shadowgate',
    'shadowgate run',
  ],
  ['something else', { file: () => ({ decision: 'GO' }) }, 'this is no verdict of shadowgate', 'shadowgate run'],
]

it('a GO of a real run opens the canary, and each of these does not', { timeout: 300_000 }, async () => {
  const [production, candidate] = [
    await startAnswering((n) => `Answer ${n}.`),
    await startAnswering((n) => `Answer ${n}.`),
  ]
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    records: 400,
    target: { headers: { 'anthropic-beta': 'caching', 'x-pass': 'hunter2' } },
    config: {
      report: { formats: ['json'] },
      gate: { rules: withoutLatency },
      canary: { port: 0, admin: { port: 0 }, moreTargets: { candidate: [{ baseUrl: candidate.url }] } },
    },
  })
  const run = await runCli(['run'], { cwd: folder })
  expect(run.status, run.stdout).toBe(0)
  const runId = readdirSync(join(folder, 'reports')).find((name) => /^\d{8}-/.test(name)) ?? ''
  const verdictPath = join(folder, 'reports', runId, 'verdict.json')
  const verdict = JSON.parse(readFileSync(verdictPath, 'utf8')) as VerdictFile
  expect(verdict.run.targets.candidate.headers).toEqual({
    'anthropic-beta': expect.stringMatching(/^[0-9a-f]{16}$/),
    'x-pass': null,
  })
  const configPath = join(folder, 'shadowgate.yaml')
  const config = readFileSync(configPath, 'utf8')

  // The newest report is found, from shadow's journal to the canary's.
  writeFileSync(configPath, config.replace('canary:', 'canary:\n  mode: shadow'))
  const shadow = await startRouter(folder)
  expect((await askDoor(folder)).mode).toBe('shadow')
  shadow.child.kill('SIGTERM')
  await shadow.over
  writeFileSync(configPath, config)
  const router = await startRouter(folder)
  const opened = await askDoor(folder)
  expect(opened).toMatchObject({ phase: 'open', mode: 'canary', stage: 1 })
  expect(opened.lastChange?.words).toContain(`it did not judge ${candidate.url} (canary.moreTargets)`)
  router.child.kill('SIGTERM')
  await router.over
  expect(journalOf(folder)).toMatchObject([
    { kind: 'opened', mode: 'shadow', permit: { kind: 'override' } },
    {
      kind: 'opened',
      mode: 'canary',
      permit: { kind: 'verdict', runId, sha256: expect.stringMatching(/^[0-9a-f]{64}$/), unjudged: [candidate.url] },
    },
  ])

  const decidedMs = Date.parse(verdict.run.finishedAt ?? '')
  const options = (hours: number): PermitOptions => {
    const loaded = loadConfig({ file: configPath, cwd: folder, env: {}, flags: {} }).config
    return {
      path: verdictPath,
      targets: targetsOf(loaded, configPath),
      policy: policyOf(loaded, configPath, folder),
      maxAgeHours: loaded.canary.permit.maxAgeHours,
      nowMs: decidedMs + hours * 3_600_000,
    }
  }
  expect(permitOf(options(47))).toMatchObject({ kind: 'verdict', runId })
  for (const [what, { file, config: change, hours = 1 }, because, hint] of refused) {
    const told = file?.(verdict) ?? verdict
    writeFileSync(verdictPath, typeof told === 'string' ? told : JSON.stringify(told))
    const other = parse(config) as Loose
    change?.(other)
    writeFileSync(configPath, stringify(other))
    const fault = faultOf(() => permitOf(options(hours)))
    expect([fault.code, fault.message], what).toEqual(['NO_PERMIT', expect.stringContaining(because)])
    expect(fault.hint, what).toMatch(new RegExp(`${hint}.*--override <reason>`))
  }
})

function faultOf(work: () => unknown): Fault {
  try {
    work()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('it was permitted')
}

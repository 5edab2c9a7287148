// A report's input for tests: one NO-GO with every kind of finding, deterministic, and with hostile text where text can be.

import type { Policy, Run } from '../../src/core/judgement.ts'
import type { Arm, Target } from '../../src/core/types.ts'
import type { ReportInput, RunCounts } from '../../src/report/input.ts'
import { changes } from './fixture-changes.ts'
import { examples } from './fixture-examples.ts'
import { effects, findings, rules } from './fixture-findings.ts'
import { everything } from './hostile.ts'

const quiet = { reply: 0, rejected: 0, broken: 0, timeout: 0, retries: 0 }
const counts: RunCounts = {
  planned: 2000,
  pairs: 1969,
  noisePairs: 394,
  excluded: { 'replay-429': 19, 'fidelity-truncated': 12, cancelled: 0 },
  calls: {
    production: { ...quiet, calls: 2391, retries: 22, reply: 2363, rejected: 21, broken: 7 },
    candidate: { ...quiet, calls: 2011, retries: 11, reply: 1898, rejected: 12, timeout: 101 },
  },
  rejectedLines: 3,
  duplicates: 114,
  costUsd: { production: 31.402, candidate: 11.0731 },
  servedModels: { production: ['gpt-4-0314'], candidate: ['gpt-4-0613'] },
}

function target(arm: Arm, model: string): Target {
  return {
    arm,
    api: 'openai-chat',
    vendor: null,
    baseUrl: `https://user:secret@${arm}.models.example:8443/v1?key=secret`,
    model,
    keyFrom: { env: `${arm.toUpperCase()}_KEY` },
    headerNames: [],
    overrides: arm === 'candidate' ? { temperature: 0, max_tokens: null } : {},
    concurrency: 16,
    limits: { requestsPerMinute: null, tokensPerMinute: null },
    timeouts: { connectMs: 5000, firstTokenMs: 30_000, idleMs: 10_000, totalMs: 60_000 },
    retries: 2,
    pricePerMillion: { input: 30, output: 60 },
  }
}

const run: Run = {
  id: '20261123T023000Z-llmdrift',
  schema: 1,
  startedAt: '2026-11-23T02:30:00.000Z',
  finishedAt: '2026-11-23T02:47:12.250Z',
  seed: 7,
  versions: { shadowgate: '0.1.0', node: '24.21.0', duckdb: '1.5.5' },
  dataset: { sha256: '9f2c1d7be04a5e8fb7a3d2c61f0e9a88b1c2d3e4f5061728394a5b6c7d8e9f00', records: 2114 },
  sample: { duplicate: 114, fidelity: 12, api: 3, size: 0 },
  targets: { production: target('production', 'gpt-4'), candidate: target('candidate', 'gpt-4-new') },
  noise: 0.2,
  replay: { pace: 'closed', timeScale: 1, lane: 'live', salted: true },
  stopped: null,
  settings: {},
  notes: [
    'Both targets are servers on this machine that replay recorded answers; latencies are the recorded ones at a tenth ' +
      'of their length, and output tokens are counted by a tokenizer, not by the provider.',
    'Feedback needs users: it is left to the canary.',
  ],
}

/** Numbers 0..1 that look random and are the same everywhere (Park and Miller). */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

function latencies(size: number): ReportInput['latencies'] {
  const next = sequence(7)
  const normal = () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next())
  const production = new Float64Array(size)
  const candidate = new Float64Array(size)
  for (let index = 0; index < size; index += 1) {
    const hardness = normal() * 0.45
    production[index] = 812 * Math.exp(hardness + normal() * 0.4)
    const isSlow = next() < 0.09
    candidate[index] = next() < 0.05 ? Infinity : (isSlow ? 4900 : 760) * Math.exp(hardness + normal() * 0.3)
  }
  return { production, candidate }
}

/** The whole input; parts given replace the fixture's. */
export function reportInput(parts: Partial<ReportInput> = {}): ReportInput {
  const policy: Policy = {
    level: 0.95,
    rules,
    segments: ['task', 'tier'],
    maxExcluded: 0.02,
    validityAlpha: 0.01,
    hold: true,
    looks: null,
  }
  return {
    run,
    policy,
    verdict: {
      decision: 'NO-GO',
      held: false,
      because:
        'Three blocking rules are shown to be broken: the candidate answers 5.1 points fewer requests, its p95 latency is ' +
        '2.9 times production’s, and in task “prime” its median is 59 % slower.',
      next: 'Do not start the canary. Look at the timeouts first: 101 of 1,969 candidate calls got no answer.',
      findings: findings(),
      flags: ['Refusals differ by 3.4 points (2.1 % → 5.5 %); production against itself differs by 0.1.', everything],
      invalid: [],
      looks: [],
      blind: [],
    },
    effects: effects(),
    counts,
    latencies: latencies(1969),
    changes: changes(),
    reviewStates: new Map(),
    pairs: examples().map(({ row }) => row),
    examples: examples(),
    generatedAt: '2026-11-23T02:48:00.000Z',
    ...parts,
  }
}

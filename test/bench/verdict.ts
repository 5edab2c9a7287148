// From stored measures to a verdict, beside what a bootstrap of its chief figures would take.

import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JudgeCost, ProbedWork, QuantilesCost } from './children/verdict-probe.ts'
import type { Bench } from './support/bench.ts'
import type { BootstrapCost } from './support/bootstrap.ts'
import { type ChildResult, runChild } from './support/child.ts'
import { segmentKeys, writeMeasuredStore } from './support/measured-store.ts'
import { median, type Row } from './support/table.ts'
import { createWorkspace, type Workspace } from './support/workspace.ts'

const probe = fileURLToPath(new URL('children/verdict-probe.ts', import.meta.url))

export const verdict = {
  summary: 'from stored pairs to the verdict, beside a naive paired bootstrap',
  options: {
    pairs: { value: 100_000, help: 'pairs of the run' },
    rounds: { value: 5, help: 'rounds, of which the median is told' },
    resamples: { value: 10_000, help: 'resamples of the bootstrap' },
    'measured-resamples': { value: 200, help: 'so many of them are run, and the rest taken to last as long' },
  },
  run: async ({ option, cli, say }) => {
    const [pairs, resamples] = [option('pairs'), option('resamples')]
    const measuredResamples = Math.min(resamples, option('measured-resamples'))
    using single = createWorkspace({ lines: 0, cli })
    using turns = createWorkspace({ lines: 0, cli })
    const populations = [
      { name: 'single records', workspace: single, hasConversations: false, entries: entriesOf() },
      { name: 'conversations', workspace: turns, hasConversations: true, entries: entriesOf() },
    ]
    for (const { name, workspace, hasConversations } of populations) {
      say(`${name}: writing the store`)
      writeFileSync(join(workspace.folder, 'shadowgate.yaml'), JSON.stringify(config))
      await writeMeasuredStore(workspace.store, { pairs, hasConversations })
    }
    const references: Probed<BootstrapCost>[] = []
    for (let round = 0; round < option('rounds'); round++) {
      say(`round ${round + 1}`)
      references.push(await probed<BootstrapCost>(single, 'bootstrap', measuredResamples))
      for (const { workspace, entries } of populations) {
        entries.quantiles.push(await probed<QuantilesCost>(workspace, 'quantiles', 5))
        for (const { work, earlyStop, inProcess, commands } of entries.judged) {
          inProcess.push(await probed<JudgeCost>(workspace, work, 1))
          commands.push(await workspace.shadowgate(['gate', '--json', '--exit-zero', ...earlyStop]))
        }
      }
    }
    const reference = referenceOf(references, resamples)
    return {
      tables: [
        {
          title: `p50 and p95 of one metric with limits, ${pairs} pairs, median of ${references.length}`,
          rows: [
            ...populations.map(({ name, entries }) => quantilesRow(name, entries.quantiles, reference.quantilesMs)),
            bootstrapRow(`bootstrap, ${resamples} resamples`, reference.quantilesMs, reference.peakMb),
          ],
        },
        {
          title: `the rollout policy by ${segmentKeys.length} keys of 20 values, from store to verdict`,
          rows: populations.flatMap(({ name, entries }) =>
            entries.judged.map((judged) => judgedRow(`${name}, ${judged.name}`, judged, reference.wholeMs)),
          ),
        },
        {
          title: 'where that time goes in a process that has just begun, ms',
          rows: populations.flatMap(({ name, entries }) =>
            entries.judged.map((judged) => stepsRow(`${name}, ${judged.name}`, judged)),
          ),
        },
      ],
      remarks: [
        `bootstrap: ${measuredResamples} of ${resamples} resamples were run, the rest taken to last as long; p50 and p95 ratio ${seconds(reference.quantilesMs)} s, with the ratio of mean tokens ${seconds(reference.wholeMs)} s`,
        'first: the first of a process, before its code is compiled; × bootstrap: how many times as long that takes for its three figures of all records',
      ],
    }
  },
} satisfies Bench

const target = (arm: string) => ({ baseUrl: 'http://127.0.0.1:9/v1', model: `mock-${arm}` })
const config = {
  store: 'store.duckdb',
  targets: { production: target('production'), candidate: target('candidate') },
  gate: { segments: segmentKeys },
}

/** What a child measured of itself, and what it cost. */
interface Probed<Cost> {
  readonly costs: readonly Cost[]
  readonly child: ChildResult
}

interface Judged {
  readonly name: string
  readonly work: ProbedWork
  readonly earlyStop: readonly string[]
  readonly inProcess: Probed<JudgeCost>[]
  readonly commands: ChildResult[]
}

function entriesOf(): { readonly quantiles: Probed<QuantilesCost>[]; readonly judged: readonly Judged[] } {
  const common = () => ({ inProcess: [], commands: [] })
  return {
    quantiles: [],
    judged: [
      { name: 'judged once', work: 'judged-once', earlyStop: ['--gate-early-stop', 'false'], ...common() },
      { name: 'with looks', work: 'judged-with-looks', earlyStop: [], ...common() },
    ],
  }
}

async function probed<Cost>({ cli, folder, store }: Workspace, work: ProbedWork, count: number): Promise<Probed<Cost>> {
  const child = await runChild([probe, dirname(cli), store, work, String(count)], { cwd: folder })
  return { costs: JSON.parse(child.stdout), child }
}

interface Reference {
  readonly quantilesMs: number
  readonly wholeMs: number
  readonly peakMb: number
}

function referenceOf(references: readonly Probed<BootstrapCost>[], resamples: number): Reference {
  const costs = references.flatMap((each) => each.costs)
  const ms = (of: (cost: BootstrapCost) => number) =>
    median(costs.map((cost) => (of(cost) * resamples) / cost.resamples))
  return {
    quantilesMs: ms(({ draw, quantiles }) => draw + quantiles),
    wholeMs: ms(({ draw, quantiles, means }) => draw + quantiles + means),
    peakMb: median(references.map(({ child }) => child.peakMb)),
  }
}

function quantilesRow(name: string, probes: readonly Probed<QuantilesCost>[], referenceMs: number): Row {
  const whole = ({ estimated, limits }: QuantilesCost) => estimated + limits
  const later = probes.flatMap(({ costs }) => costs.slice(1))
  const ms = median(later.map(whole))
  return {
    what: `quantileRatios, ${name}`,
    ms,
    'of it limits': median(later.map(({ limits }) => limits)),
    'first ms': median(probes.flatMap(({ costs }) => costs.slice(0, 1).map(whole))),
    '× bootstrap': referenceMs / ms,
    'peak MB': median(probes.map(({ child }) => child.peakMb)),
  }
}

function bootstrapRow(what: string, ms: number, peakMb: number): Row {
  return { what, ms, 'of it limits': null, 'first ms': null, '× bootstrap': 1, 'peak MB': peakMb }
}

function judgedRow(what: string, { inProcess, commands }: Judged, referenceMs: number): Row {
  const wallMs = 1000 * median(commands.map(({ wallSeconds }) => wallSeconds))
  const wholeMs = median(inProcess.flatMap(({ costs }) => costs.map(({ whole }) => whole)))
  return {
    what,
    'in-process ms': wholeMs,
    '× bootstrap': referenceMs / wholeMs,
    'gate wall ms': wallMs,
    'gate CPU ms': 1000 * median(commands.map(({ cpuSeconds }) => cpuSeconds)),
    'gate peak MB': median(commands.map(({ peakMb }) => peakMb)),
    'gate × bootstrap': referenceMs / wallMs,
  }
}

function stepsRow(what: string, { inProcess }: Judged): Row {
  const step = (of: keyof JudgeCost) => median(inProcess.flatMap(({ costs }) => costs.map((cost) => cost[of])))
  return {
    what,
    'open the store': step('open'),
    'read measures': step('measures'),
    'read records and times': step('surroundings'),
    judge: step('judge'),
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}

// Pairs per second, end to end, at an instant server: shadowgate, the minimal loop, and promptfoo.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bench } from './support/bench.ts'
import { type ChildResult, runChild } from './support/child.ts'
import { type Mock, requireRequests, startMock } from './support/mock.ts'
import { installPromptfoo, runPromptfoo } from './support/promptfoo.ts'
import { stageTable } from './support/stages.ts'
import { type BenchResult, median, type Row } from './support/table.ts'
import { createWorkspace, type Workspace } from './support/workspace.ts'

const referenceLoop = fileURLToPath(new URL('children/reference-loop.ts', import.meta.url))

export const throughput = {
  summary: 'pairs per second at an instant server, beside a minimal loop and promptfoo',
  options: {
    pairs: { value: 10_000, help: 'pairs of a run' },
    concurrency: { value: 100, help: 'requests in flight, of both arms together' },
    rounds: { value: 3, help: 'interleaved rounds of shadowgate and the minimal loop' },
    'promptfoo-rounds': { value: 1, help: 'in how many of them promptfoo takes part; 0 goes without it' },
    'promptfoo-log': { value: 0, help: "1: with promptfoo's debug log, which is its default" },
    'promptfoo-pairs': { value: 0, help: 'fewer pairs for promptfoo; 0: as many as the others' },
  },
  run: async ({ option, cli, say }) => {
    const pairs = option('pairs')
    if (option('promptfoo-rounds') > 0) {
      say('promptfoo: installing it where it is missing')
      installPromptfoo()
    }
    await using mock = await startMock()
    using workspace = createWorkspace({ lines: pairs, cli })
    const contest = { mock, workspace, pairs, concurrency: option('concurrency') }
    workspace.configure(contest)
    await workspace.shadowgate(['ingest'])
    await workspace.shadowgate(['sample'])
    workspace.keepStore()
    const promptfoo = { pairs: option('promptfoo-pairs') || pairs, hasDebugLog: option('promptfoo-log') > 0 }
    const entries = {
      run: entry('shadowgate run (ingest to report)', pairs),
      loop: entry('minimal loop (request, p-limit, appender)', pairs),
      replay: entry('  replay alone', pairs),
      score: entry('  score alone', pairs),
      promptfoo: entry(`promptfoo 0.123.1${promptfoo.hasDebugLog ? '' : ', no debug log'}`, promptfoo.pairs),
    }
    for (let round = 0; round < option('rounds'); round++) {
      say(`round ${round + 1}`)
      workspace.removeStore()
      await counted(mock, entries.run, () => workspace.shadowgate(['run']))
      await counted(mock, entries.loop, () => runLoop(contest))
      workspace.restoreStore()
      await counted(mock, entries.replay, () => workspace.shadowgate(['replay']))
      entries.score.results.push(await workspace.shadowgate(['score']))
      if (round >= option('promptfoo-rounds')) continue
      say('promptfoo')
      await counted(mock, entries.promptfoo, () => runPromptfoo({ ...contest, ...workspace, ...promptfoo }))
    }
    return resultOf(entries)
  },
} satisfies Bench

function resultOf(entries: Readonly<Record<'run' | 'loop' | 'replay' | 'score' | 'promptfoo', Entry>>): BenchResult {
  const { run, loop, replay, score, promptfoo } = entries
  const both = {
    ...replay,
    what: 'shadowgate replay, then score',
    results: replay.results.map((result, index) => together(result, score.results[index] ?? result)),
  }
  const references = { loop: costOf(loop), promptfoo: costOf(promptfoo) }
  const asked = [run, both, replay, score, loop, promptfoo].filter(({ results }) => results.length > 0)
  const scaled = `promptfoo had ${promptfoo.pairs} pairs, the others ${run.pairs}: its pairs/s and its memory are of a smaller run`
  return {
    tables: [
      {
        title: `throughput at an instant server, median of ${run.results.length}`,
        rows: asked.map((each) => rowOf(each, references)),
      },
      stageTable(run.results),
    ],
    remarks: [
      'each time exactly two requests a pair came; "server CPU" is the busy share of the server\'s process',
      ...(promptfoo.results.length === 0 || promptfoo.pairs === run.pairs ? [] : [scaled]),
    ],
  }
}

interface Entry {
  readonly what: string
  readonly pairs: number
  readonly results: ChildResult[]
  /** The mock's CPU time in each. */
  readonly serverSeconds: number[]
}

function entry(what: string, pairs: number): Entry {
  return { what, pairs, results: [], serverSeconds: [] }
}

/** Runs, and sees that each arm was asked once for each pair. */
async function counted(mock: Mock, into: Entry, work: () => Promise<ChildResult>): Promise<void> {
  await mock.reset()
  const result = await work()
  const counts = await mock.read()
  requireRequests(counts, into.pairs, into.what)
  into.results.push(result)
  into.serverSeconds.push(counts.cpuSeconds)
}

async function runLoop({ mock, workspace, concurrency }: { mock: Mock; workspace: Workspace; concurrency: number }) {
  const store = join(workspace.folder, 'loop.duckdb')
  rmSync(store, { force: true })
  const args = [workspace.log, store, mock.ports.production, mock.ports.candidate, concurrency].map(String)
  return runChild([referenceLoop, ...args], { cwd: workspace.folder })
}

/** Two processes, one after the other. */
function together(first: ChildResult, second: ChildResult): ChildResult {
  return {
    ...first,
    wallSeconds: first.wallSeconds + second.wallSeconds,
    cpuSeconds: first.cpuSeconds + second.cpuSeconds,
    peakMb: Math.max(first.peakMb, second.peakMb),
  }
}

interface Cost {
  readonly pairs: number
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly peakMb: number
  readonly serverShare: number | null
}

function costOf({ pairs, results, serverSeconds }: Entry): Cost {
  const wallSeconds = median(results.map((result) => result.wallSeconds))
  return {
    pairs,
    wallSeconds,
    cpuSeconds: median(results.map((result) => result.cpuSeconds)),
    peakMb: median(results.map((result) => result.peakMb)),
    serverShare: serverSeconds.length > 0 ? median(serverSeconds) / wallSeconds : null,
  }
}

function rowOf(entrant: Entry, { loop, promptfoo }: { loop: Cost; promptfoo: Cost }): Row {
  const cost = costOf(entrant)
  const rate = (each: Cost) => each.pairs / each.wallSeconds
  const cpu = (each: Cost) => (1e6 * each.cpuSeconds) / each.pairs
  const ratio = (value: number) => (Number.isFinite(value) ? value : null)
  return {
    what: entrant.what,
    pairs: cost.pairs,
    'wall s': cost.wallSeconds,
    'CPU s': cost.cpuSeconds,
    'peak MB': cost.peakMb,
    'pairs/s': rate(cost),
    '× loop': ratio(rate(cost) / rate(loop)),
    '× promptfoo': ratio(rate(cost) / rate(promptfoo)),
    'CPU µs/pair': cpu(cost),
    'CPU × loop': ratio(cpu(cost) / cpu(loop)),
    'MB × promptfoo': ratio(cost.peakMb / promptfoo.peakMb),
    'server CPU %': cost.serverShare === null ? null : Math.round(100 * cost.serverShare),
  }
}

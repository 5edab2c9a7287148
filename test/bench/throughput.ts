// Pairs per second, end to end, at an instant server: shadowgate, the minimal loop, and promptfoo.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bench } from './support/bench.ts'
import { type ChildResult, runChild } from './support/child.ts'
import { type Mock, requireRequests, startMock } from './support/mock.ts'
import { installPromptfoo, runPromptfoo } from './support/promptfoo.ts'
import { stageTable } from './support/stages.ts'
import { median, type Row } from './support/table.ts'
import { createWorkspace, type Workspace } from './support/workspace.ts'

const referenceLoop = fileURLToPath(new URL('children/reference-loop.ts', import.meta.url))

export const throughput = {
  summary: 'pairs per second at an instant server, beside a minimal loop and promptfoo',
  options: {
    pairs: { value: 10_000, help: 'pairs of a run' },
    concurrency: { value: 100, help: 'requests in flight, of both arms together' },
    rounds: { value: 3, help: 'interleaved rounds of shadowgate and the minimal loop' },
    'promptfoo-rounds': { value: 1, help: 'rounds of promptfoo; 0 goes without it' },
    'promptfoo-pairs': { value: 0, help: 'fewer pairs for promptfoo; 0: as many as the others' },
  },
  run: async ({ option, cli, say }) => {
    const [pairs, concurrency, rounds] = [option('pairs'), option('concurrency'), option('rounds')]
    const promptfooRounds = option('promptfoo-rounds')
    const promptfooPairs = option('promptfoo-pairs') || pairs
    if (promptfooRounds > 0) {
      say('promptfoo: installing it where it is missing')
      installPromptfoo()
    }
    await using mock = await startMock()
    using workspace = createWorkspace({ lines: pairs, cli })
    workspace.configure({ mock, pairs, concurrency })
    await workspace.shadowgate(['ingest'])
    await workspace.shadowgate(['sample'])
    workspace.keepStore()
    const contest = { mock, workspace, pairs, concurrency }
    const entries = { run: entry(), replay: entry(), score: entry(), loop: entry(), promptfoo: entry() }
    for (let round = 0; round < Math.max(rounds, promptfooRounds); round++) {
      say(`round ${round + 1}`)
      if (round < rounds) {
        await counted(mock, { pairs, who: 'run', into: entries.run }, () => runWhole(workspace))
        await counted(mock, { pairs, who: 'loop', into: entries.loop }, () => runLoop(contest))
        workspace.restoreStore()
        await counted(mock, { pairs, who: 'replay', into: entries.replay }, () => workspace.shadowgate(['replay']))
        entries.score.results.push(await workspace.shadowgate(['score']))
      }
      if (round < promptfooRounds) {
        const { folder, log } = workspace
        await counted(mock, { pairs: promptfooPairs, who: 'promptfoo', into: entries.promptfoo }, () =>
          runPromptfoo({ folder, log, pairs: promptfooPairs, concurrency, mock }),
        )
      }
    }
    const { replay, score, loop, promptfoo } = entries
    const both = replay.results.map((result, index) => together(result, score.results[index] ?? result))
    const references = { loop: costOf(loop, pairs), promptfoo: costOf(promptfoo, promptfooPairs) }
    const rows = [
      rowOf('shadowgate run (ingest to report)', costOf(entries.run, pairs), references),
      rowOf('shadowgate replay, then score', costOf({ ...replay, results: both }, pairs), references),
      rowOf('  replay alone', costOf(replay, pairs), references),
      rowOf('  score alone', costOf(score, pairs), references),
      rowOf('minimal loop (request, p-limit, appender)', references.loop, references),
      ...(promptfooRounds > 0 ? [rowOf('promptfoo 0.123.1', references.promptfoo, references)] : []),
    ]
    const scaled = `promptfoo had ${promptfooPairs} pairs, the others ${pairs}: its pairs/s and its memory are of the smaller run`
    return {
      tables: [
        { title: `throughput: ${pairs} pairs, ${concurrency} in flight, instant server, median of ${rounds}`, rows },
        stageTable(entries.run.results),
      ],
      remarks: [
        `each time exactly ${2 * pairs} requests came; "server CPU" is the mock's busy share of the wall time`,
        ...(promptfooPairs === pairs ? [] : [scaled]),
      ],
    }
  },
} satisfies Bench

interface Entry {
  readonly results: ChildResult[]
  /** The mock's CPU time in each. */
  readonly serverSeconds: number[]
}

function entry(): Entry {
  return { results: [], serverSeconds: [] }
}

/** Runs, and sees that each arm was asked once for each pair. */
async function counted(
  mock: Mock,
  { pairs, who, into }: { pairs: number; who: string; into: Entry },
  work: () => Promise<ChildResult>,
): Promise<void> {
  await mock.reset()
  const result = await work()
  const counts = await mock.read()
  requireRequests(counts, pairs, who)
  into.results.push(result)
  into.serverSeconds.push(counts.cpuSeconds)
}

/** From the log, into a store of its own. */
async function runWhole(workspace: Workspace): Promise<ChildResult> {
  workspace.removeStore()
  return workspace.shadowgate(['run'])
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

function costOf({ results, serverSeconds }: Entry, pairs: number): Cost {
  const wallSeconds = median(results.map((result) => result.wallSeconds))
  return {
    pairs,
    wallSeconds,
    cpuSeconds: median(results.map((result) => result.cpuSeconds)),
    peakMb: median(results.map((result) => result.peakMb)),
    serverShare: serverSeconds.length > 0 ? median(serverSeconds) / wallSeconds : null,
  }
}

function rowOf(what: string, cost: Cost, { loop, promptfoo }: { loop: Cost; promptfoo: Cost }): Row {
  const rate = (each: Cost) => each.pairs / each.wallSeconds
  const ratio = (value: number) => (Number.isFinite(value) ? `${Number(value.toPrecision(3))}×` : null)
  return {
    what,
    pairs: cost.pairs,
    'wall s': cost.wallSeconds,
    'CPU s': cost.cpuSeconds,
    'peak MB': cost.peakMb,
    'pairs/s': rate(cost),
    'CPU µs/pair': (1e6 * cost.cpuSeconds) / cost.pairs,
    'to loop': ratio(rate(cost) / rate(loop)),
    'to promptfoo': ratio(rate(cost) / rate(promptfoo)),
    'memory to promptfoo': ratio(cost.peakMb / promptfoo.peakMb),
    'server CPU %': cost.serverShare === null ? null : Math.round(100 * cost.serverShare),
  }
}

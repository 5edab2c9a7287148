// Peak resident memory at two sizes, and whether it is flat once the work is under way.

import type { Bench } from './support/bench.ts'
import type { ChildResult } from './support/child.ts'
import { requireRequests, startMock } from './support/mock.ts'
import { type BenchResult, type Row } from './support/table.ts'
import { createWorkspace } from './support/workspace.ts'

export const memory = {
  summary: 'peak memory at 10,000 and at 100,000 pairs, and its course',
  options: {
    pairs: { value: 10_000, help: 'pairs of the small run' },
    'large-pairs': { value: 100_000, help: 'pairs of the large run' },
    concurrency: { value: 100, help: 'requests in flight, of both arms together' },
  },
  run: async ({ option, cli, say }): Promise<BenchResult> => {
    const [small, large] = [option('pairs'), option('large-pairs')]
    await using mock = await startMock()
    const rows: Row[] = []
    const peaks: Record<string, number[]> = { replay: [], score: [] }
    for (const pairs of [small, large]) {
      using workspace = createWorkspace({ lines: pairs, cli })
      workspace.configure({ mock, pairs, concurrency: option('concurrency') })
      say(`${pairs} pairs: ingest and sample`)
      for (const stage of ['ingest', 'sample'])
        rows.push(rowOf(stage, pairs, await workspace.shadowgate([stage], sampled)))
      await mock.reset()
      for (const stage of ['replay', 'score']) {
        say(`${pairs} pairs: ${stage}`)
        const result = await workspace.shadowgate([stage], sampled)
        rows.push(rowOf(stage, pairs, result))
        peaks[stage]?.push(result.peakMb)
      }
      requireRequests(await mock.read(), pairs, 'replay')
    }
    const growth = Object.entries(peaks).map(([what, [before = 0, after = 0]]) => ({
      what,
      [`peak MB at ${small}`]: before,
      [`peak MB at ${large}`]: after,
      ratio: after / before,
    }))
    return {
      tables: [
        { title: `memory: ${option('concurrency')} in flight, instant server`, rows },
        { title: `growth from ${small} to ${large} pairs`, rows: growth },
      ],
      remarks: ['"flat" is the most after the first tenth of the time by the most in that tenth; 1 is flat'],
    }
  },
} satisfies Bench

const sampled = { sampleEveryMs: 250 }

function rowOf(what: string, pairs: number, { wallSeconds, cpuSeconds, peakMb, samplesMb }: ChildResult): Row {
  const tenth = Math.ceil(samplesMb.length / 10)
  const [early, late] = [Math.max(...samplesMb.slice(0, tenth)), Math.max(...samplesMb.slice(tenth))]
  const isTold = tenth < samplesMb.length
  return {
    what,
    pairs,
    'wall s': wallSeconds,
    'CPU s': cpuSeconds,
    'peak MB': peakMb,
    'MB in first tenth': isTold ? early : null,
    'MB after it': isTold ? late : null,
    flat: isTold ? late / early : null,
  }
}

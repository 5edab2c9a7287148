// Takes the steps of a verdict over a store again and again, by a given build, and prints how many ms each took.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as judging from '../../../src/commands/gate/judgement.ts'
import type * as policies from '../../../src/gate/policy.ts'
import type * as columns from '../../../src/score/columns.ts'
import type * as stats from '../../../src/stats/index.ts'
import type * as storeDoor from '../../../src/store/store.ts'
import { bootstrap } from '../support/bootstrap.ts'
import { segmentKeys } from '../support/measured-store.ts'

export type ProbedWork = 'quantiles' | 'judged-once' | 'judged-with-looks' | 'bootstrap'

/** ms of one round. */
export type QuantilesCost = Readonly<Record<'estimated' | 'limits', number>>
export type JudgeCost = Readonly<Record<'open' | 'measures' | 'surroundings' | 'judge' | 'whole', number>>

const [dist = '', path = '', work = '', times = '1'] = process.argv.slice(2)
const built = (file: string) => import(pathToFileURL(join(dist, file)).href)
const { openStore }: typeof storeDoor = await built('store/store.js')
const { buildScoreTable }: typeof columns = await built('score/columns.js')
const { quantileRatios }: typeof stats = await built('stats/index.js')
const { judge, surroundingsOf }: typeof judging = await built('commands/gate/judgement.js')
const { rolloutPolicy }: typeof policies = await built('gate/policy.js')

process.stdout.write(JSON.stringify(await measure(work as ProbedWork, Number(times))))

async function measure(what: ProbedWork, count: number): Promise<readonly object[]> {
  switch (what) {
    case 'quantiles': {
      const { columnOf, cluster } = await read()
      const latency = columnOf('latency')
      return Array.from({ length: count }, () => quantilesOf(latency, cluster))
    }
    case 'bootstrap': {
      const { columnOf } = await read()
      return [bootstrap({ latency: columnOf('latency'), tokens: columnOf('output-tokens'), resamples: count })]
    }
    case 'judged-once':
    case 'judged-with-looks': {
      const rounds: JudgeCost[] = []
      for (let round = 0; round < count; round++) rounds.push(await judgeOf(what === 'judged-with-looks'))
      return rounds
    }
    default:
      return what satisfies never
  }
}

async function read() {
  const store = await openStore(path)
  const runId = (await store.findRun(null))?.run.id ?? ''
  const [measures, records] = [await store.measuresOf(runId), await store.runOutlines(runId)]
  store.close()
  const { column, cluster } = buildScoreTable(records, measures)
  return { columnOf: (metric: string) => column(metric, 'candidate'), cluster }
}

function quantilesOf({ production, candidate }: columns.Column, cluster: Int32Array | null): QuantilesCost {
  const begin = performance.now()
  const pairs = { control: production, treatment: candidate, cluster: cluster ?? undefined }
  const ratios = quantileRatios({ ...pairs, ps: [0.5, 0.95] })
  const estimated = performance.now()
  const limits = ratios.map((ratio) => ratio.limits(0.05))
  if (limits.some(({ lower, upper }) => !(lower < upper))) throw new Error('these are no limits')
  return { estimated: estimated - begin, limits: performance.now() - estimated }
}

/** What `shadowgate gate` does between its config and its answer, without storing the verdict. */
async function judgeOf(hasLooks: boolean): Promise<JudgeCost> {
  const marks = [performance.now()]
  const mark = () => void marks.push(performance.now())
  const store = await openStore(path)
  mark()
  const stored = await store.findRun(null)
  if (!stored) throw new Error(`${path} has no run`)
  const measures = await store.measuresOf(stored.run.id)
  mark()
  const around = await surroundingsOf(store, stored)
  mark()
  const policy = { ...rolloutPolicy, segments: segmentKeys, looks: hasLooks ? rolloutPolicy.looks : null }
  const { verdict } = judge({ ...around, measures, policy })
  mark()
  store.close()
  const segments = new Set(verdict.findings.map(({ rule }) => JSON.stringify(rule.segment)))
  if (segments.size !== 61)
    throw new Error(`findings of ${segments.size} segments: they were to be 60, and all records`)
  const [begin = 0, opened = 0, measured = 0, surrounded = 0, judged = 0] = marks
  return {
    open: opened - begin,
    measures: measured - opened,
    surroundings: surrounded - measured,
    judge: judged - surrounded,
    whole: judged - begin,
  }
}

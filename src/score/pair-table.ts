// Every pair of a run as a row: how it stands, how bad it is, and why it is worth a look.

import type { Both, PairRow, PairTable, Standing } from '../core/pair.ts'
import { type Comparison, type MeasureColumn, present } from '../core/types.ts'
import { changeKinds, directionOf, tellingKind } from './changes/kinds.ts'
import type { ScoredRecord } from './columns.ts'
import { change } from './metrics/change.ts'

export interface PairTableFrom {
  readonly measures: readonly MeasureColumn[]
  /** In the order of the run. */
  readonly records: readonly ScoredRecord[]
  /** Ids of clusters of changes by place. */
  readonly clusterOf: ReadonlyMap<number, string>
}

/** The measures that rows are made of: where there are many pairs, no others need be read. */
export function measuresOfRows(metrics: readonly string[]) {
  return [
    ...metrics
      .filter((metric) => sideMetrics.has(metric) || metric.startsWith('assert-'))
      .map((metric) => ({ metric, comparison: 'candidate' as const, hasProduction: true, hasWeight: false })),
    ...(['candidate', 'noise'] as const).flatMap((comparison) =>
      pairMetrics.map((metric) => ({ metric, comparison, hasProduction: false, hasWeight: metric === change.name })),
    ),
  ]
}

/** `answer-length` is what clusters of changes are told by. */
const sideMetrics = new Set([
  'answered',
  'refused',
  'finished',
  'output-tokens',
  'answer-length',
  'latency',
  'cost',
  'json-valid',
  'json-kept',
])
const pairMetrics = ['text-similarity', 'same-tool-calls', change.name]

export function pairTable({ measures, records, clusterOf }: PairTableFrom): PairTable {
  const read = readersOf(measures)
  const rowOf = (ordinal: number): PairRow => {
    const reasons = reasonsOf(ordinal, read)
    const answered = read.answered(ordinal)
    const refused = read.refused(ordinal)
    return {
      ordinal,
      recordId: records[ordinal]?.id ?? '',
      standing: standingOf(ordinal, read, reasons),
      refused: { production: refused?.production === 1, candidate: refused?.candidate === 1 },
      failed: { production: answered?.production === 0, candidate: answered?.candidate === 0 },
      badness: reasons.reduce((sum, { badness }) => sum + badness, 0),
      kind: changeKinds[tellingKind(read.change(ordinal)?.candidate ?? 0)]?.name ?? null,
      cluster: clusterOf.get(ordinal) ?? null,
      segments: records[ordinal]?.segments ?? none,
      similarity: read.similarity(ordinal)?.candidate ?? null,
      noiseSimilarity: read.noise(ordinal)?.candidate ?? null,
      latencyMs: read.latency(ordinal) ?? neither,
      outputTokens: read.tokens(ordinal) ?? neither,
      costUsd: read.cost(ordinal) ?? neither,
    }
  }
  // Every pair has a measure of `answered`, whatever became of it.
  const all = measures.find(({ metric, comparison }) => metric === 'answered' && comparison === 'candidate')
  return {
    rows: Array.from(all?.ordinal ?? [], rowOf).toSorted((a, b) => b.badness - a.badness || a.ordinal - b.ordinal),
    reasonsOf: ({ ordinal }) =>
      reasonsOf(ordinal, read)
        .toSorted((a, b) => b.badness - a.badness)
        .map(({ words }) => words()),
  }
}

const neither: Both = { production: null, candidate: null }
const none: PairRow['segments'] = {}

interface Numbers {
  readonly production: number
  readonly candidate: number
}
type Read = (ordinal: number) => Numbers | null
type Readers = ReturnType<typeof readersOf>

function readersOf(measures: readonly MeasureColumn[]) {
  const of = (metric: string, comparison: Comparison = 'candidate') =>
    reader(measures.find((each) => each.metric === metric && each.comparison === comparison))
  return {
    answered: of('answered'),
    refused: of('refused'),
    finished: of('finished'),
    tokens: of('output-tokens'),
    latency: of('latency'),
    cost: of('cost'),
    similarity: of('text-similarity'),
    noise: of('text-similarity', 'noise'),
    json: of('json-valid'),
    kept: of('json-kept'),
    tools: of('same-tool-calls'),
    change: of(change.name),
    checks: measures
      .filter(({ metric, comparison }) => metric.startsWith('assert-') && comparison === 'candidate')
      .map((column) => ({ name: column.metric.replace('assert-', ''), read: reader(column) })),
  }
}

function reader(column: MeasureColumn | undefined): Read {
  if (column === undefined) return () => null
  const { ordinal: ordinals, absent } = column
  let most = -1
  for (const ordinal of ordinals) if (ordinal > most) most = ordinal
  const places = new Int32Array(most + 1).fill(-1)
  for (const [place, ordinal] of ordinals.entries()) places[ordinal] = place
  return (ordinal) => {
    const place = places[ordinal] ?? -1
    if (place === -1 || absent[place] !== present) return null
    return { production: column.production[place] ?? 0, candidate: column.candidate[place] ?? 0 }
  }
}

interface Reason {
  readonly badness: number
  readonly direction: 'worse' | 'better' | null
  /** Made when somebody looks: there may be a hundred thousand pairs. */
  readonly words: () => string
}

/** What has a direction of its own decides; of the rest nobody can say, unless it is the same. */
function standingOf(ordinal: number, read: Readers, reasons: readonly Reason[]): Standing {
  const mask = read.change(ordinal)?.candidate ?? 0
  const directions = new Set([directionOf(mask), ...reasons.map(({ direction }) => direction)])
  if (directions.has('worse')) return 'regressed'
  if (directions.has('better')) return 'improved'
  const isOther = mask !== 0 || read.tools(ordinal)?.candidate === 0 || (read.similarity(ordinal)?.candidate ?? 1) < 1
  return isOther ? 'changed' : 'same'
}

function reasonsOf(ordinal: number, read: Readers): Reason[] {
  return [
    ...flips(read.answered(ordinal), { lost: [10, 'not answered'], won: [0, 'answered again'] }),
    ...flips(read.refused(ordinal), { won: [6, 'newly refused', 'worse'], lost: [2, 'no longer refused', null] }),
    ...flips(read.finished(ordinal), { lost: [4, 'cut at the limit'], won: [0, 'no longer cut'] }),
    ...flips(read.json(ordinal) ?? read.kept(ordinal), { lost: [5, 'JSON broken'], won: [0, 'JSON mended'] }),
    ...(read.tools(ordinal)?.candidate === 0 ? [reason(4, 'tools called otherwise')] : []),
    ...read.checks.flatMap((check) =>
      flips(check.read(ordinal), {
        lost: [6, `fails the check ${check.name}`],
        won: [0, `passes the check ${check.name}`],
      }),
    ),
    ...textReason(read.similarity(ordinal)?.candidate ?? null),
    ...ratioReason(read.tokens(ordinal), { more: 'longer', less: 'shorter' }),
    ...ratioReason(read.latency(ordinal), { more: 'slower', less: null }),
  ]
}

function reason(badness: number, words: string | (() => string), direction: Reason['direction'] = null): Reason {
  return { badness, direction, words: typeof words === 'string' ? () => words : words }
}

type Flip = readonly [badness: number, words: string, direction?: Reason['direction']]

/** A share that was 1 and is 0 is lost; the other way round it is won. */
function flips(row: Numbers | null, words: { lost: Flip; won: Flip }): Reason[] {
  if (!row || row.production === row.candidate) return []
  const isLost = row.production > row.candidate
  const [badness, told, direction = isLost ? 'worse' : 'better'] = isLost ? words.lost : words.won
  return [reason(badness, told, direction)]
}

function textReason(similarity: number | null): Reason[] {
  if (similarity === null || similarity === 1) return []
  return [reason(3 * (1 - similarity), () => `${Math.round(similarity * 100)} % of the words in common`)]
}

function ratioReason(row: Numbers | null, words: { more: string; less: string | null }): Reason[] {
  if (!row?.production || !Number.isFinite(row.candidate)) return []
  const ratio = row.candidate / row.production
  const { more, less } = words
  if (ratio >= 1.5) return [reason(Math.min(2, Math.log2(ratio) / 2), () => `${times(ratio)} ${more}`)]
  if (less !== null && ratio > 0 && ratio <= 0.5)
    return [reason(Math.min(2, -Math.log2(ratio) / 4), () => `${times(1 / ratio)} ${less}`)]
  return []
}

/** "1.9×", "46×". */
function times(ratio: number): string {
  return `${ratio.toFixed(ratio >= 9.95 ? 0 : 1)}×`
}

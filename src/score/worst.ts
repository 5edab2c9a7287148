// Which pairs a person should see first, and why.

import { unreachable } from '../core/fault.ts'
import { type AnsweredCall, type Comparison, type MeasureColumn, type Outcome, present } from '../core/types.ts'

/** One pair's rank: the higher, the worse. */
export interface Ranked {
  /** The record's place in the run. */
  readonly ordinal: number
  readonly badness: number
  /** Worst first: "newly refused", "2.1 × slower"… */
  readonly reasons: readonly string[]
  readonly similarity: number | null
  readonly noiseSimilarity: number | null
}

type Reason = readonly [badness: number, words: string]

/** The worst pairs of a run and those `wanted` besides, worst first; ties by place, so that the order is the same every time. */
export function rankPairs(
  measures: readonly MeasureColumn[],
  most: number,
  wanted: ReadonlySet<number> = new Set(),
): Ranked[] {
  const of = (metric: string, comparison: Comparison = 'candidate') =>
    reader(measures.find((each) => each.metric === metric && each.comparison === comparison))
  const read = {
    answered: of('answered'),
    refused: of('refused'),
    finished: of('finished'),
    tokens: of('output-tokens'),
    latency: of('latency'),
    similarity: of('text-similarity'),
    noise: of('text-similarity', 'noise'),
    json: of('json-valid'),
    kept: of('json-kept'),
    tools: of('same-tool-calls'),
    checks: measures
      .filter(({ metric, comparison }) => metric.startsWith('assert-') && comparison === 'candidate')
      .map((column) => ({ name: column.metric.replace('assert-', ''), read: reader(column) })),
  }
  // Every pair has a measure of `answered`, whatever became of it.
  const ordinals = [
    ...(measures.find((each) => each.metric === 'answered' && each.comparison === 'candidate')?.ordinal ?? []),
  ]
  return ordinals
    .map((ordinal) => ({ ordinal, badness: reasonsOf(ordinal, read).reduce((sum, [badness]) => sum + badness, 0) }))
    .toSorted((a, b) => b.badness - a.badness || a.ordinal - b.ordinal)
    .filter(({ ordinal }, place) => place < most || wanted.has(ordinal))
    .map(({ ordinal, badness }) => ({
      ordinal,
      badness,
      reasons: reasonsOf(ordinal, read).map(([, words]) => words),
      similarity: read.similarity(ordinal)?.candidate ?? null,
      noiseSimilarity: read.noise(ordinal)?.candidate ?? null,
    }))
}

interface Numbers {
  readonly production: number
  readonly candidate: number
}
type Read = (ordinal: number) => Numbers | null

/** Columns are in the order of the run. */
function reader(column: MeasureColumn | undefined): Read {
  if (column === undefined) return () => null
  const places = new Map(Array.from(column.ordinal, (ordinal, place) => [ordinal, place]))
  return (ordinal) => {
    const place = places.get(ordinal)
    if (place === undefined || column.absent[place] !== present) return null
    return { production: column.production[place] ?? 0, candidate: column.candidate[place] ?? 0 }
  }
}

function reasonsOf(
  ordinal: number,
  read: Readonly<
    Record<'answered' | 'refused' | 'finished' | 'tokens' | 'latency' | 'similarity' | 'json' | 'kept' | 'tools', Read>
  > & { readonly checks: readonly { readonly name: string; readonly read: Read }[] },
): Reason[] {
  return [
    ...flips(read.answered(ordinal), { lost: [10, 'not answered'], won: [0, 'answered again'] }),
    ...flips(read.refused(ordinal), { won: [6, 'newly refused'], lost: [2, 'no longer refused'] }),
    ...flips(read.finished(ordinal), { lost: [4, 'cut at the limit'], won: [0, 'no longer cut'] }),
    ...flips(read.json(ordinal) ?? read.kept(ordinal), { lost: [5, 'JSON broken'], won: [0, 'JSON mended'] }),
    ...(read.tools(ordinal)?.candidate === 0 ? [[4, 'tools called otherwise'] as const] : []),
    ...read.checks.flatMap((check) =>
      flips(check.read(ordinal), {
        lost: [6, `fails the check ${check.name}`],
        won: [0, `passes the check ${check.name}`],
      }),
    ),
    ...textReason(read.similarity(ordinal)?.candidate ?? null),
    ...ratioReason(read.tokens(ordinal), { more: 'longer', less: 'shorter' }),
    ...ratioReason(read.latency(ordinal), { more: 'slower', less: null }),
  ].toSorted(([a], [b]) => b - a)
}

/** A share that was 1 and is 0 is lost; the other way round it is won. */
function flips(row: Numbers | null, words: { lost: Reason; won: Reason }): Reason[] {
  if (!row || row.production === row.candidate) return []
  return [row.production > row.candidate ? words.lost : words.won]
}

function textReason(similarity: number | null): Reason[] {
  if (similarity === null || similarity === 1) return []
  return [[3 * (1 - similarity), `${Math.round(similarity * 100)} % of the words in common`]]
}

function ratioReason(row: Numbers | null, words: { more: string; less: string | null }): Reason[] {
  if (!row?.production || !Number.isFinite(row.candidate)) return []
  const ratio = row.candidate / row.production
  if (ratio >= 1.5) return [[Math.min(2, Math.log2(ratio) / 2), `${ratio.toFixed(1)} × ${words.more}`]]
  if (words.less !== null && ratio > 0 && ratio <= 0.5) {
    return [[Math.min(2, -Math.log2(ratio) / 4), `${(1 / ratio).toFixed(1)} × ${words.less}`]]
  }
  return []
}

/** How a call ended, in a word or two. */
export function outcomeWords(call: AnsweredCall, isRefused: boolean): string {
  const { outcome } = call
  switch (outcome.kind) {
    case 'reply':
      return isRefused ? 'refused' : stopWords(outcome)
    case 'rejected':
      return `HTTP ${outcome.status}${outcome.code ? ` ${outcome.code}` : ''}`
    case 'broken':
      return `broken: ${outcome.detail}`
    case 'timeout':
      return `timed out (${outcome.phase.replace('-', ' ')})`
    case 'cancelled':
      return 'cancelled'
    default:
      return unreachable(outcome)
  }
}

function stopWords(outcome: Outcome & { kind: 'reply' }): string {
  switch (outcome.reply.stop) {
    case 'length':
      return 'cut at the limit'
    case 'tool':
      return 'called a tool'
    case 'filtered':
      return 'filtered'
    case 'refused':
      return 'refused'
    case 'end':
    case 'unknown':
      return 'answered'
    default:
      return unreachable(outcome.reply.stop)
  }
}

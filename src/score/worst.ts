// Which pairs a person should see first, and why.

import { unreachable } from '../core/fault.ts'
import type { AnsweredCall, MeasureRow, Outcome, RecordId } from '../core/types.ts'

/** One pair's rank: the higher, the worse. */
export interface Ranked {
  readonly recordId: RecordId
  readonly badness: number
  /** Worst first: "newly refused", "2.1 × slower"… */
  readonly reasons: readonly string[]
  readonly similarity: number | null
  readonly noiseSimilarity: number | null
}

type Reason = readonly [badness: number, words: string]

/** All pairs of a run, worst first; ties by id, so that the order is the same every time. */
export function rankPairs(rows: readonly MeasureRow[]): Ranked[] {
  const byRecord = Map.groupBy(rows, (row) => row.recordId)
  return [...byRecord].map(([recordId, own]) => rank(recordId, own)).toSorted(byBadness)
}

function byBadness(a: Ranked, b: Ranked): number {
  return b.badness - a.badness || (a.recordId < b.recordId ? -1 : 1)
}

function rank(recordId: RecordId, rows: readonly MeasureRow[]): Ranked {
  const of = (metric: string, comparison: MeasureRow['comparison'] = 'candidate') =>
    rows.find((row) => row.metric === metric && row.comparison === comparison)
  const similarity = of('text-similarity')?.candidate ?? null
  const noiseSimilarity = of('text-similarity', 'noise')?.candidate ?? null
  const found = [
    ...flips(of('answered'), { lost: [10, 'not answered'], won: [0, 'answered again'] }),
    ...flips(of('refused'), { won: [6, 'newly refused'], lost: [2, 'no longer refused'] }),
    ...flips(of('finished'), { lost: [4, 'cut at the limit'], won: [0, 'no longer cut'] }),
    ...textReason(similarity),
    ...ratioReason(of('output-tokens'), { more: 'longer', less: 'shorter' }),
    ...ratioReason(of('latency'), { more: 'slower', less: null }),
  ].toSorted(([a], [b]) => b - a)
  return {
    recordId,
    badness: found.reduce((sum, [badness]) => sum + badness, 0),
    reasons: found.map(([, words]) => words),
    similarity,
    noiseSimilarity,
  }
}

/** A share that was 1 and is 0 is lost; the other way round it is won. */
function flips(row: MeasureRow | undefined, words: { lost: Reason; won: Reason }): Reason[] {
  if (!row || row.production === row.candidate || row.production === null) return []
  return [row.production > (row.candidate ?? 0) ? words.lost : words.won]
}

function textReason(similarity: number | null): Reason[] {
  if (similarity === null || similarity === 1) return []
  return [[3 * (1 - similarity), `${Math.round(similarity * 100)} % of the words in common`]]
}

function ratioReason(row: MeasureRow | undefined, words: { more: string; less: string | null }): Reason[] {
  if (!row?.production || row.candidate === null || !Number.isFinite(row.candidate)) return []
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
      return `timed out (${outcome.phase})`
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

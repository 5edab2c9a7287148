// Why a pair is worth a look: what its measures say, how bad each of that is, and which way it leads.

import type { MeasureColumn } from '../core/types.ts'
import { type ColumnReader, columnReaders } from './column-reader.ts'
import { change } from './metrics/change.ts'

export type Direction = 'worse' | 'better' | null

/** Is told each reason. The words are made when somebody looks: there may be a hundred thousand pairs. */
export type Hear = (badness: number, direction: Direction, words: (number: number) => string, number: number) => void

export type PairReaders = ReturnType<typeof pairReaders>

/** What reasons are heard from; of checks all flips matter, and nothing else. */
export type ReasonReaders = Pick<
  PairReaders,
  'answered' | 'refused' | 'finished' | 'json' | 'kept' | 'tools' | 'similarity' | 'tokens' | 'latency' | 'checks'
>

export function pairReaders(measures: readonly MeasureColumn[]) {
  const of = columnReaders(measures)
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
      .map(({ metric }) => checkOf(metric.replace('assert-', ''), of(metric))),
  }
}

export function checkOf(name: string, read: ColumnReader) {
  return { ...checkFlips(name), name, read }
}

export function hearReasons(ordinal: number, read: ReasonReaders, hear: Hear): void {
  hearFlip(ordinal, read.answered, answered, hear)
  hearFlip(ordinal, read.refused, refused, hear)
  hearFlip(ordinal, read.finished, finished, hear)
  hearFlip(ordinal, read.json.has(ordinal) ? read.json : read.kept, json, hear)
  if (read.tools.has(ordinal) && read.tools.candidate(ordinal) === 0) hear(4, null, otherTools, 0)
  for (const check of read.checks) hearFlip(ordinal, check.read, check, hear)
  hearText(ordinal, read.similarity, hear)
  hearRatio(ordinal, read.tokens, { more: longer, less: shorter }, hear)
  hearRatio(ordinal, read.latency, { more: slower, less: null }, hear)
}

interface Flip {
  readonly badness: number
  readonly words: () => string
  readonly direction: Direction
}

/** A share that was 1 and is 0 is lost; the other way round it is won. */
interface Flips {
  readonly lost: Flip
  readonly won: Flip
}

function flips(lost: readonly [number, string, Direction?], won: readonly [number, string, Direction?]): Flips {
  const [lostBadness, lostWords, lostWay = 'worse'] = lost
  const [wonBadness, wonWords, wonWay = 'better'] = won
  return {
    lost: { badness: lostBadness, words: () => lostWords, direction: lostWay },
    won: { badness: wonBadness, words: () => wonWords, direction: wonWay },
  }
}

const answered = flips([10, 'not answered'], [0, 'answered again'])
const refused = flips([2, 'no longer refused', null], [6, 'newly refused', 'worse'])
const finished = flips([4, 'cut at the limit'], [0, 'no longer cut'])
const json = flips([5, 'JSON broken'], [0, 'JSON mended'])
const checkFlips = (name: string) => flips([6, `fails the check ${name}`], [0, `passes the check ${name}`])
const otherTools = () => 'tools called otherwise'
const inCommon = (similarity: number) => `${Math.round(similarity * 100)} % of the words in common`
const longer = (ratio: number) => `${times(ratio)} longer`
const shorter = (ratio: number) => `${times(1 / ratio)} shorter`
const slower = (ratio: number) => `${times(ratio)} slower`

function hearFlip(ordinal: number, read: ColumnReader, { lost, won }: Flips, hear: Hear): void {
  if (!read.has(ordinal)) return
  const [before, after] = [read.production(ordinal), read.candidate(ordinal)]
  if (before === after) return
  const { badness, direction, words } = before > after ? lost : won
  hear(badness, direction, words, 0)
}

function hearText(ordinal: number, read: ColumnReader, hear: Hear): void {
  if (!read.has(ordinal)) return
  const similarity = read.candidate(ordinal)
  if (similarity !== 1) hear(3 * (1 - similarity), null, inCommon, similarity)
}

type RatioWords = (ratio: number) => string

function hearRatio(
  ordinal: number,
  read: ColumnReader,
  { more, less }: { readonly more: RatioWords; readonly less: RatioWords | null },
  hear: Hear,
): void {
  if (!read.has(ordinal)) return
  const [before, after] = [read.production(ordinal), read.candidate(ordinal)]
  if (before === 0 || !Number.isFinite(after)) return
  const ratio = after / before
  if (ratio >= 1.5) hear(Math.min(2, Math.log2(ratio) / 2), null, more, ratio)
  else if (less !== null && ratio > 0 && ratio <= 0.5) hear(Math.min(2, -Math.log2(ratio) / 4), null, less, ratio)
}

/** "1.9×", "46×". */
function times(ratio: number): string {
  return `${ratio.toFixed(ratio >= 9.95 ? 0 : 1)}×`
}

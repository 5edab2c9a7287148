// The pairs worth a look: what both arms said to one request, with what differs marked and long texts cut.

import type { DiffPart } from '../../core/changes.ts'
import type { PairRow, SideDetail } from '../../core/pair.ts'
import { segmentWords } from '../../core/segment-words.ts'
import type { RecordId } from '../../core/types.ts'
import { type JsonDiff, jsonDiffForPeople } from '../../diff/json.ts'
import { documentIn } from '../../diff/json-text.ts'
import { diffForPeople, type TextDiff } from '../../diff/text.ts'
import { describeToolDifferences, toolDifferences } from '../../diff/tools.ts'
import { count, percent } from '../format.ts'
import type { PairExample, PairTexts, ReportInput } from '../input.ts'
import { cut, oneLine, printable, shorten } from '../text.ts'
import { type CallModel, callModels, printableLines } from './pair-calls.ts'
import { cutNote, cutParts, type SideModel, sideModel } from './pair-side.ts'

export type { SideModel } from './pair-side.ts'

/** Two answers to one request, side by side and as one text. */
export interface ComparisonModel {
  readonly production: SideModel
  /** The candidate's, or production's second answer. */
  readonly candidate: SideModel
  /** Both answers as one text; null where that would be harder to read than the two. */
  readonly inline: Inline | null
  /** Both answers as one tree; null where one of them is no JSON document. */
  readonly json: JsonDiff | null
  readonly calls: readonly CallModel[]
  readonly note: string | null
}

export interface Inline {
  readonly parts: readonly DiffPart[]
  readonly cutNote: string | null
}

export interface PairModel extends ComparisonModel {
  /** `pair-<record id>`: the page's address of this pair. */
  readonly anchor: string
  readonly id: string
  readonly reasons: readonly string[]
  /** What the candidate calls otherwise. */
  readonly tools: readonly string[]
  readonly segments: readonly string[]
  /** `logs/june.jsonl.gz:812`. */
  readonly source: string
  /** The prompt's beginning, on one line. */
  readonly opening: string
  readonly prompt: Passage
  /** "similarity 31.0 %; production against itself 94.0 %". */
  readonly similarity: string
  readonly cluster: string | null
}

export interface Passage {
  readonly text: string
  readonly cutNote: string | null
}

/** Characters of a text that a list of pairs shows, and that one pair by itself may have. */
export const maxShown = 6000
export const maxAlone = 20_000

/** Pairs that need no script, and that print: an hour's reading. */
const mostListed = 25

/** The worst, and those that clusters of changes are named by. */
export function listedExamples({ examples, changes }: ReportInput): readonly PairExample[] {
  const named = new Set(changes?.clusters.map(({ example }) => example.ordinal))
  return examples.filter(({ row }, rank) => rank < mostListed || named.has(row.ordinal))
}

interface PairOptions {
  readonly max?: number
  readonly maxPrompt?: number
}

export function pairModel(example: PairExample, { max = maxShown, maxPrompt = 2000 }: PairOptions = {}): PairModel {
  const { row, reasons, detail } = example
  const { production, candidate, prompt, source, left } = detail
  return {
    ...compare({ production, candidate, costUsd: row.costUsd, left: [left?.production, left?.candidate], max }),
    anchor: anchorOf(row.recordId),
    id: oneLine(row.recordId),
    reasons: reasons.map(oneLine),
    tools: describeToolDifferences(toolDifferences(production.toolCalls, candidate.toolCalls)).map(oneLine),
    segments: Object.entries(row.segments).map(([key, value]) => segmentWords({ key, value })),
    source: `${oneLine(source.file)}:${source.line}`,
    opening: shorten(oneLine(cut(prompt, 600).text), 110),
    prompt: passage(prompt, maxPrompt, left?.prompt ?? 0),
    similarity: similarityWords(row),
    cluster: row.cluster,
  }
}

/** Production's second answer against its first: what differs here is noise. null where it was asked once. */
export function againModel({ production, again, left }: PairTexts, max = maxAlone): ComparisonModel | null {
  if (again === null) return null
  const costUsd = { production: null, candidate: null }
  return compare({ production, candidate: again, costUsd, left: [left?.production, left?.again], max })
}

export function anchorOf(recordId: RecordId): string {
  return `pair-${oneLine(recordId).replace(/[^\w.-]/g, '_')}`
}

interface Compared {
  readonly production: SideDetail
  readonly candidate: SideDetail
  readonly costUsd: PairRow['costUsd']
  readonly left: readonly (number | undefined)[]
  readonly max: number
}

function compare({ production, candidate, costUsd, left: [a = 0, b = 0], max }: Compared): ComparisonModel {
  const diff = tellingDiff(diffForPeople(production.text, candidate.text), production, candidate)
  const inline = cutParts(diff.parts, 2 * max)
  const json = jsonOf(production.text, candidate.text)
  const isCut = a > 0 || b > 0
  const notes = [
    ...(diff.note === null ? [] : [oneLine(diff.note)]),
    ...(isCut && diff.parts.length > 0
      ? ['Only what is shown was compared: near the cut, more is marked than differs.']
      : []),
  ]
  return {
    production: sideModel('production', { side: production, costUsd: costUsd.production, diff, max, left: a, json }),
    candidate: sideModel('candidate', { side: candidate, costUsd: costUsd.candidate, diff, max, left: b, json }),
    inline:
      diff.parts.length === 0
        ? null
        : { parts: inline.parts, cutNote: inline.left + a + b > 0 ? cutNote(inline.left + a + b) : null },
    json,
    calls: callModels(production.toolCalls, candidate.toolCalls),
    note: notes.length === 0 ? null : notes.join(' '),
  }
}

function jsonOf(production: string, candidate: string): JsonDiff | null {
  const left = documentIn(production)
  const right = left === undefined ? undefined : documentIn(candidate)
  if (left === undefined || right === undefined) return null
  const { lines, note } = jsonDiffForPeople(left, right)
  return lines.length === 0 ? null : { lines: printableLines(lines), note }
}

/** Marking every word says nothing: texts with no more than commas in common stand as they are. */
function tellingDiff(diff: TextDiff, production: SideDetail, candidate: SideDetail): TextDiff {
  const isWordShared = diff.parts.some((part) => part.kind === 'same' && /[\p{L}\p{N}]/u.test(part.text))
  if (isWordShared || production.text === candidate.text) return diff
  const isComparable = production.text !== '' && candidate.text !== ''
  return { parts: [], note: diff.note ?? (isComparable ? 'The two answers have no words in common.' : null) }
}

function passage(text: string, max: number, leftBefore: number): Passage {
  const shown = cut(text, max)
  const left = shown.left + leftBefore
  return { text: printable(shown.text), cutNote: left > 0 ? cutNote(left) : null }
}

export function similarityWords({ similarity, noiseSimilarity }: PairRow): string {
  const text = similarity === null ? 'similarity not known' : `similarity ${percent(similarity)}`
  return noiseSimilarity === null ? text : `${text}; production against itself ${percent(noiseSimilarity)}`
}

/** "12 pairs shown, worst first". */
export function pairsWords(pairs: readonly PairModel[]): string {
  return pairs.length === 1 ? '1 pair shown.' : `${count(pairs.length)} pairs shown, worst first.`
}

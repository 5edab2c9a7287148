// The pairs worth a look: what both arms said to one request, with what differs marked and long texts cut.

import type { SideDetail } from '../../core/pair.ts'
import type { Arm, RecordId } from '../../core/types.ts'
import { diffForPeople, type TextDiff } from '../../diff/text.ts'
import { describeToolDifferences, toolDifferences } from '../../diff/tools.ts'
import { count, counted, duration, percent, tokens } from '../format.ts'
import type { PairExample } from '../input.ts'
import { cut, oneLine, printable, shorten } from '../text.ts'

export interface PairModel {
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
  readonly production: SideModel
  readonly candidate: SideModel
  /** "similarity 31.0 %; production against itself 94.0 %". */
  readonly similarity: string
  readonly note: string | null
}

export interface SideModel {
  readonly arm: Arm
  readonly outcome: string
  readonly latency: string
  readonly tokens: string
  /** The arm's whole text in stretches: those that the other arm has too, and those that it has not. */
  readonly parts: readonly { readonly isShared: boolean; readonly text: string }[]
  /** Says what was cut; null where the text is whole. */
  readonly cutNote: string | null
}

export interface Passage {
  readonly text: string
  readonly cutNote: string | null
}

/** Characters of a text that a report shows. */
export const maxShown = 6000
const maxPrompt = 2000

export function pairModel({ row, reasons, detail }: PairExample): PairModel {
  const { production, candidate, prompt, source } = detail
  const diff = tellingDiff(diffForPeople(production.text, candidate.text), detail)
  return {
    anchor: anchorOf(row.recordId),
    id: oneLine(row.recordId),
    reasons: reasons.map(oneLine),
    tools: describeToolDifferences(toolDifferences(production.toolCalls, candidate.toolCalls)).map(oneLine),
    segments: Object.entries(row.segments).map(([key, value]) => `${oneLine(key)}: ${oneLine(value)}`),
    source: `${oneLine(source.file)}:${source.line}`,
    opening: shorten(oneLine(cut(prompt, 600).text), 110),
    prompt: passage(prompt, maxPrompt),
    production: sideModel('production', production, diff),
    candidate: sideModel('candidate', candidate, diff),
    similarity: similarityWords(row),
    note: diff.note === null ? null : oneLine(diff.note),
  }
}

export function anchorOf(recordId: RecordId): string {
  return `pair-${oneLine(recordId).replace(/[^\w.-]/g, '_')}`
}

/** Marking every word says nothing: texts without a word in common stand as they are. */
function tellingDiff(diff: TextDiff, { production, candidate }: PairExample['detail']): TextDiff {
  if (diff.parts.some((part) => part.kind === 'same' && /\S/.test(part.text))) return diff
  const isComparable = production.text !== '' && candidate.text !== ''
  return { parts: [], note: diff.note ?? (isComparable ? 'The two answers have no words in common.' : null) }
}

function sideModel(arm: Arm, side: SideDetail, diff: TextDiff): SideModel {
  const own = arm === 'production' ? 'removed' : 'added'
  const diffed = diff.parts.filter((part) => part.kind === 'same' || part.kind === own)
  // Without a diff (one side is empty, or the texts were too long to compare) the text stands as it is.
  const whole = diffed.length > 0 ? diffed : [{ kind: 'same', text: side.text }]
  const parts: { isShared: boolean; text: string }[] = []
  let room = maxShown
  for (const part of whole) {
    const shown = cut(part.text, room)
    if (shown.text !== '') parts.push({ isShared: part.kind === 'same', text: printable(shown.text) })
    room -= shown.text.length
    if (shown.left > 0) break
  }
  const left = Math.max(side.text.length, lengthOf(whole)) - (maxShown - room)
  return {
    arm,
    outcome: oneLine(side.outcome),
    latency: side.latencyMs === null ? 'no latency' : duration(side.latencyMs),
    tokens: side.usage === null ? 'tokens not reported' : tokens(side.usage.output),
    parts,
    cutNote: left > 0 ? cutNote(left) : null,
  }
}

function passage(text: string, max: number): Passage {
  const shown = cut(text, max)
  return { text: printable(shown.text), cutNote: shown.left > 0 ? cutNote(shown.left) : null }
}

function cutNote(left: number): string {
  return `Cut here: ${counted(left, 'further character')} in the store.`
}

function lengthOf(parts: readonly { readonly text: string }[]): number {
  return parts.reduce((sum, part) => sum + part.text.length, 0)
}

function similarityWords({ similarity, noiseSimilarity }: PairExample['row']): string {
  const text = similarity === null ? 'similarity not known' : `similarity ${percent(similarity)}`
  return noiseSimilarity === null ? text : `${text}; production against itself ${percent(noiseSimilarity)}`
}

/** "12 pairs shown, worst first". */
export function pairsWords(pairs: readonly PairModel[]): string {
  return pairs.length === 1 ? '1 pair shown.' : `${count(pairs.length)} pairs shown, worst first.`
}

// Two answers to one request, and what differs between them: texts by words, JSON by structure, tool calls by argument.

import type { DiffPart } from '../../core/changes.ts'
import type { PairDetail, SideDetail } from '../../core/pair.ts'
import type { Json, ToolCall } from '../../core/types.ts'
import { cut, oneLine } from '../../core/visible-text.ts'
import { jsonDiffForPeople } from '../../diff/json.ts'
import { documentIn, isSameJson } from '../../diff/json-text.ts'
import { diffForPeople } from '../../diff/text.ts'
import { argumentsOf, describeToolDifferences, pairedCalls, toolDifferences } from '../../diff/tools.ts'
import { wrap } from '../cells.ts'
import type { Words } from '../source.ts'
import { type Line, line, span } from '../spans.ts'
import { differenceLines, type Layout, shown } from './differences.ts'

/** Characters of an answer that are shown: what is behind them is read with $PAGER. */
export const mostCharacters = 200_000

/** Share of the longer text. */
const leastCommon = 0.15

interface Two {
  readonly left: SideDetail
  readonly right: SideDetail
  readonly names: readonly [string, string]
}

/** Production's answer and the candidate's. */
export function answerLines(detail: PairDetail, layout: Layout, words: Words): readonly Line[] {
  const { production, candidate } = detail
  return comparedLines({ left: production, right: candidate, names: ['production', 'candidate'] }, layout, words)
}

/** Production's two answers: what differs there is noise. */
export function againLines(detail: PairDetail, layout: Layout, words: Words): readonly Line[] {
  const { production, again } = detail
  if (again === null)
    return wrap(line('Production was asked once: there is no second answer to tell noise by.', 'quiet'), layout.width)
  const names = ['first answer', 'second answer'] as const
  const opening = 'Both answers are of production: what differs here is its noise.'
  return [
    ...wrap(line(opening, 'quiet'), layout.width),
    ...comparedLines({ left: production, right: again, names }, layout, words),
  ]
}

function comparedLines({ left, right, names }: Two, layout: Layout, words: Words): readonly Line[] {
  const room = Math.max(...names.map(({ length }) => length))
  const heads = [
    [span('− ', 'removed-mark'), span(names[0].padEnd(room), 'title'), span(`  ${sideWords(left, words)}`)],
    [span('+ ', 'added-mark'), span(names[1].padEnd(room), 'title'), span(`  ${sideWords(right, words)}`)],
  ].flatMap((head) => wrap(head, layout.width))
  return [...heads, [], ...toolLines(left, right, layout), ...textLines(left.text, right.text, layout)]
}

function sideWords({ outcome, latencyMs, firstTokenMs, usage, tries }: SideDetail, words: Words): string {
  return [
    oneLine(outcome),
    ...(latencyMs === null ? [] : [words.duration(latencyMs)]),
    ...(firstTokenMs === null ? [] : [`first token ${words.duration(firstTokenMs)}`]),
    ...(usage === null ? [] : [words.tokens(usage.output)]),
    ...(tries > 1 ? [`${tries} tries`] : []),
  ].join(' · ')
}

function toolLines(left: SideDetail, right: SideDetail, layout: Layout): readonly Line[] {
  const [before, after] = [left.toolCalls, right.toolCalls]
  if (before.length === 0 && after.length === 0) return []
  const told = describeToolDifferences(toolDifferences(before, after), 50)
  const words = told.length === 0 ? ['the same tools with the same arguments'] : told
  return [
    line('Tool calls', 'title'),
    ...words.flatMap((each) => wrap([span(oneLine(each), told.length === 0 ? 'quiet' : 'doubt')], layout.width)),
    ...pairedCalls(before, after).flatMap((pair) => callLines(pair.left, pair.right, layout)),
    [],
  ]
}

/** A call and the one that stands for it; null where the other answer makes none. */
function callLines(left: ToolCall | null, right: ToolCall | null, layout: Layout): readonly Line[] {
  const [a, b] = [left && argumentsOf(left), right && argumentsOf(right)]
  const name = oneLine((left ?? right)?.name ?? '')
  if (a === undefined || b === undefined || a === null || b === null) {
    const part = (kind: DiffPart['kind'], call: ToolCall | null): DiffPart[] =>
      call === null ? [] : [{ kind, text: `${name} ${cut(call.arguments, mostCharacters).text}\n` }]
    return differenceLines([...part('removed', left), ...part('added', right)], layout)
  }
  return differenceLines([{ kind: 'same', text: `${name} ` }, ...jsonParts(a, b).parts], layout)
}

/** The tree of both as a text, so that it is drawn as texts are. */
function jsonParts(left: Json, right: Json): Compared {
  const { lines, note } = jsonDiffForPeople(left, right)
  const parts = lines.map(({ kind, depth, key, text }): DiffPart => {
    const told = `${'  '.repeat(depth)}${key === null ? '' : `${JSON.stringify(key)}: `}${text}\n`
    return kind === 'folded' ? { kind: 'same', text: `${'  '.repeat(depth)}⋯ ${text}\n` } : { kind, text: told }
  })
  return { parts, note }
}

function textLines(left: string, right: string, layout: Layout): readonly Line[] {
  const [before, after] = [cut(left, mostCharacters), cut(right, mostCharacters)]
  const compared = comparedTexts(before.text, after.text)
  const notes = [
    ...(compared.note === null ? [] : [compared.note]),
    ...(before.left + after.left > 0 ? ['Cut: o opens the whole pair in $PAGER.'] : []),
  ]
  return [
    ...notes.flatMap((note) => wrap(line(shown(note), 'quiet'), layout.width)),
    ...differenceLines(compared.parts, layout),
  ]
}

interface Compared {
  readonly parts: readonly DiffPart[]
  readonly note: string | null
}

function comparedTexts(left: string, right: string): Compared {
  if (left === '' && right === '') return { parts: [], note: 'Neither answer has a text.' }
  if (left === right) return { parts: [{ kind: 'same', text: left }], note: 'The texts are the same.' }
  const [a, b] = [documentIn(left), documentIn(right)]
  if (a !== undefined && b !== undefined) {
    const compared = jsonParts(a, b)
    const words = isSameJson(a, b)
      ? 'The same JSON, written otherwise.'
      : 'Both answers are JSON, compared by structure.'
    // What is too large or too deep for that is compared as the text that it is.
    if (compared.parts.length > 0) return { ...compared, note: [words, compared.note ?? ''].join(' ').trim() }
  }
  const diff = diffForPeople(left, right)
  // Where little is common, words of the one between those of the other can't be read: they stand one after the other.
  const common = diff.parts.reduce(
    (sum, { kind, text }) => (kind === 'same' ? sum + text.replace(/\s+/g, '').length : sum),
    0,
  )
  if (common >= leastCommon * Math.max(left.length, right.length) || left === '' || right === '') return diff
  return {
    parts: [
      { kind: 'removed', text: left.endsWith('\n') ? left : `${left}\n` },
      { kind: 'added', text: right },
    ],
    note: diff.note ?? 'One after the other: the two answers have hardly a word in common.',
  }
}

// The verdict as the terminal shows it, in the report's own words.

import { styleText } from 'node:util'
import wrapAnsi from 'wrap-ansi'
import type { Changes } from '../../core/changes.ts'
import { decisionWord } from '../../core/decision-word.ts'
import type { Decision, FindingOutcome, Severity } from '../../core/judgement.ts'
import { inSegment } from '../../core/segment-words.ts'
import {
  blindWords,
  changeLines,
  changeSentence,
  closingLine,
  type FindingRow,
  findingRows,
  flagsBeside,
  type Judged,
  judgeSentences,
  opinionSentences,
  reviewLines,
  reviewSentence,
} from '../../report/index.ts'

type Colour = 'green' | 'red' | 'yellow' | 'magenta' | 'gray'

const decisionColours: Readonly<Record<Decision, Colour>> = {
  GO: 'green',
  'NO-GO': 'red',
  INCONCLUSIVE: 'yellow',
  INVALID: 'magenta',
}

/** Symbol and word stand beside the colour: none of them alone says it. */
const outcomeColours: Readonly<Record<FindingOutcome, Colour>> = {
  pass: 'green',
  fail: 'red',
  inconclusive: 'yellow',
  'not-evaluable': 'gray',
}

const headings: Readonly<Record<Severity, string>> = {
  block: 'Blocking rules',
  investigate: 'Rules to investigate by',
  warn: 'Rules that warn',
}

/** Several lines, no longer than `columns` where that is known; colours only where standard output shows them. */
export function verdictText(judged: Judged, columns: number | null, changes: Changes | null = null): string {
  const { decision, held, because, next, findings } = judged.verdict
  const word = decisionWord({ decision, held })
  const rows = findingRows(judged)
  const asked = rows.filter(({ isMoot }) => !isMoot)
  const shown = asked.filter((row) => row.segment === null || row.isDeciding || row.outcome === 'fail')
  const hidden = asked.length - shown.length
  const left = flagsBeside(judged.verdict)
  const layout = layoutOf(shown, columns ?? Infinity)
  const group = (severity: Severity) => {
    const members = shown.filter((row) => row.severity === severity)
    const lines = members.map((row) => line(row, layout))
    return members.length === 0 ? [] : ['', styleText('bold', headings[severity]), ...lines]
  }
  const text = [
    `${styleText(['bold', held ? 'yellow' : decisionColours[decision]], word)}  ${because}`,
    next,
    ...changed(changes),
    ...reviewed(judged),
    ...group('block'),
    ...group('investigate'),
    ...group('warn'),
    ...mootLine(rows),
    ...(hidden > 0 ? [styleText('gray', `  … and ${hidden} more by segment, in the report`)] : []),
    ...blindLines(judged).map((each) => styleText('gray', `  ${each}`)),
    ...(left.length > 0 ? ['', styleText('yellow', 'To investigate besides')] : []),
    ...left.map((flag) => `- ${flag}`),
    '',
    closingLine(findings),
  ].join('\n')
  return columns === null ? text : wrapAnsi(text, columns, { trim: false })
}

/** So many, worst first: the report has them all. */
const mostChanges = 5

function changed(changes: Changes | null): string[] {
  const lines = changeLines(changes)
  const said = [judgeSentences(changes?.judge ?? null), opinionSentences(changes?.opinions ?? null)]
  const beside = said.filter((sentences) => sentences.length > 0).map((sentences) => sentences.join(' '))
  if (lines.length === 0 && beside.length === 0) return []
  const left = lines.length - mostChanges
  return [
    '',
    styleText('bold', 'What changed'),
    ...lines.slice(0, mostChanges).map((each) => `- ${changeSentence(each)}`),
    ...(left > 0 ? [styleText('gray', `  … and ${left} more, in the report`)] : []),
    ...beside,
  ]
}

/** So many; but each that blocks is shown. */
const mostReviews = 8

function reviewed({ verdict }: Judged): string[] {
  const lines = reviewLines(verdict.reviews)
  const shown = lines.filter(({ isBlocking }, place) => isBlocking || place < mostReviews)
  const left = lines.length - shown.length
  return [
    ...(lines.length === 0 ? [] : ['', styleText('bold', 'Reviews')]),
    ...shown.map((each) => `- ${reviewSentence(each)}`),
    ...(left > 0 ? [styleText('gray', `  … and ${left} more, in the report`)] : []),
  ]
}

function mootLine(rows: readonly FindingRow[]): string[] {
  const names = rows.filter(({ isMoot, segment }) => isMoot && segment === null).map((row) => row.title)
  return names.length === 0 ? [] : [styleText('gray', `  ○ nothing to judge: ${names.join(', ')}`)]
}

function blindLines({ policy, verdict, effects }: Judged): string[] {
  return policy.segments.flatMap((key) => {
    const values = new Set(effects.flatMap(({ segment }) => (segment?.key === key ? [segment.value] : [])))
    const words = blindWords(key, verdict.blind, values.size)
    return words === null ? [] : ['', `By ${key}: ${words}`]
  })
}

/** Which cells there is room for, and how wide each is. */
interface Layout {
  readonly cells: readonly number[]
  readonly widths: readonly number[]
  readonly columns: number
}

/** The cells in the order of a line; those that a narrow terminal does without first come last here. */
const [title, arms, estimate, interval, limit] = [0, 1, 2, 3, 4]
const layouts = [
  [title, arms, estimate, interval, limit],
  [title, arms, estimate, interval],
  [title, arms, estimate],
  [title, estimate],
]

function layoutOf(rows: readonly FindingRow[], columns: number): Layout {
  const all = rows.map(cellsOf)
  const widths = [title, arms, estimate, interval, limit].map((cell) =>
    Math.max(0, ...all.map((row) => row[cell]?.length ?? 0)),
  )
  const widthOf = (cells: readonly number[]) =>
    outcomeWidth + cells.reduce((sum, cell) => sum + (widths[cell] ?? 0) + 2, 0)
  const cells = layouts.find((each) => widthOf(each) <= columns) ?? layouts.at(-1) ?? []
  return { cells, widths, columns }
}

function cellsOf(row: FindingRow): readonly string[] {
  const name = inSegment(row.title, row.segment)
  return row.estimate === null
    ? [name]
    : [name, `${row.production} → ${row.candidate}`, row.estimate, row.interval ?? '', row.limit]
}

/** "  ✓ not-evaluable ". */
const outcomeWidth = 18

function line(row: FindingRow, { cells, widths, columns }: Layout): string {
  const outcome = styleText(outcomeColours[row.outcome], `${row.mark.symbol} ${row.outcome.padEnd(13)}`)
  const all = cellsOf(row)
  if (row.estimate !== null) {
    return `  ${outcome} ${cells.map((cell) => (all[cell] ?? '').padEnd(widths[cell] ?? 0)).join('  ')}`.trimEnd()
  }
  // A rule without figures has its sentence instead: beside its name where there is room, else below.
  const name = (all[title] ?? '').padEnd(widths[title] ?? 0)
  const hasRoom = outcomeWidth + name.length + 2 + row.because.length <= columns
  return hasRoom ? `  ${outcome} ${name}  ${row.because}` : `  ${outcome} ${name.trimEnd()}\n      ${row.because}`
}

// The history as the terminal shows it: the newest night first, each rule's trend as a line of bars, and one rule night by night.

import { styleText } from 'node:util'
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'
import { Fault } from '../../core/fault.ts'
import { nearest } from '../../core/nearest.ts'
import { inSegment } from '../../core/segment-words.ts'
import { minute } from '../../report/format.ts'
import { type History, type HistoryModel, historyModel, type Trend } from '../../report/index.ts'
import { outcomeMarks } from '../../report/words.ts'

type Colour = 'green' | 'red' | 'yellow' | 'magenta' | 'gray'

/** By the tone of a decision, a night or an outcome; its mark and its word say the same without colour. */
const colours: Readonly<Record<string, Colour>> = {
  go: 'green',
  pass: 'green',
  'no-go': 'red',
  fail: 'red',
  inconclusive: 'yellow',
  invalid: 'magenta',
  quiet: 'gray',
  'not-evaluable': 'gray',
}

const unknownWidth = 100

export interface HistoryPart {
  readonly whole: History
  /** The nights that are listed, and what belongs to them. */
  readonly shown: History
}

export function historyTable({ whole, shown }: HistoryPart, columns: number | null): string {
  const { head, swaps } = historyModel(whole)
  const model = historyModel(shown)
  const width = columns ?? unknownWidth
  const lines = [
    ...headLines(head),
    ...nightLines(model, width),
    ...model.gaps.map((gap) => styleText('gray', gap)),
    ...(shown.left > 0 ? [styleText('gray', `… and ${shown.left} older ones: --limit, --since`)] : []),
    ...trendLines(swaps, width),
    ...listOf(
      'What changed',
      model.nights.flatMap(({ when, changes }) => changes.map((each) => `${when}  ${each}`)),
    ),
    ...listOf(
      'Alarms',
      model.alarms.map(({ at, because }) => `${at}  ${because}`),
    ),
    '',
    ...model.bounds.map((each) => styleText('gray', each)),
  ]
  return wrapped(lines, columns)
}

function wrapped(lines: readonly string[], columns: number | null): string {
  const text = lines.map((line) => line.trimEnd()).join('\n')
  return columns === null ? text : wrapAnsi(text, columns, { trim: false })
}

function headLines(head: HistoryModel['head']): string[] {
  if (head === null) return [styleText('bold', 'No night was judged yet.'), '']
  const { mark, tone, models, since, trouble, drift } = head
  return [
    `${styleText(['bold', colours[tone] ?? 'gray'], `${mark.symbol} ${since}`)}  ${models.production} → ${models.candidate}`,
    ...(trouble === null ? [] : [trouble]),
    ...(drift?.hasDrifted === true ? [styleText('yellow', drift.because)] : []),
    '',
  ]
}

/** What a line needs beside the reason of the night. */
const leastReason = 24

function nightLines({ nights }: HistoryModel, width: number): string[] {
  const words = Math.max(0, ...nights.map(({ mark }) => mark.word.length))
  const cells = nights.map(({ pairs, cost, took }) => [pairs, cost, took].map((cell) => cell ?? ''))
  const widths = [0, 1, 2].map((cell) => Math.max(0, ...cells.map((row) => (row[cell] ?? '').length)))
  return nights.map((night, place) => {
    const { when, mark, tone, because } = night
    const figures = (cells[place] ?? []).map((cell, at) => cell.padStart(widths[at] ?? 0)).join('  ')
    const start = `  ${when.replace(' UTC', '')}  ${styleText(colours[tone] ?? 'gray', `${mark.symbol} ${mark.word.padEnd(words)}`)}`
    if (night.isJudged) return `${start}  ${figures}`
    const room = Math.max(leastReason, width - stringWidth(start) - 2)
    return `${start}  ${styleText('gray', shortened(because, room))}`
  })
}

function shortened(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`
}

const bars = '▁▂▃▄▅▆▇█'
/** In limits: bars are as high as the estimate is near to its limit, and full beyond it. */
const [lowest, highest] = [-1, 1]

/** One character for each column: how far the estimate lies on the way from a limit's distance on the better side to the limit. */
function sparkline({ columns }: Trend, most: number): string {
  return columns
    .slice(-most)
    .map(({ estimate }) => {
      const share = (Math.min(highest, Math.max(lowest, estimate)) - lowest) / (highest - lowest)
      return bars[Math.min(bars.length - 1, Math.floor(share * bars.length))]
    })
    .join('')
}

function trendLines([swap]: HistoryModel['swaps'], width: number): string[] {
  if (swap === undefined || swap.trends.length === 0) return []
  const titles = swap.trends.map(({ title }) => title)
  const widest = Math.max(...titles.map((title) => title.length))
  const estimates = Math.max(...swap.trends.map(({ estimate }) => estimate.length))
  const intervals = Math.max(...swap.trends.map(({ interval }) => interval.length))
  const fixed = 2 + 2 + widest + 2 + estimates + 2 + intervals + 2
  const hasIntervals = width - fixed >= 10
  const room = Math.max(8, Math.min(40, width - (hasIntervals ? fixed : fixed - intervals - 2)))
  return [
    '',
    styleText('bold', `Rules, ${swap.tally}`),
    ...swap.trends.map((trend) => {
      const figures = [trend.estimate.padStart(estimates), ...(hasIntervals ? [trend.interval.padEnd(intervals)] : [])]
      const mark = styleText(colours[trend.outcome] ?? 'gray', trend.mark.symbol)
      return `  ${mark} ${trend.title.padEnd(widest)}  ${figures.join('  ')}  ${sparkline(trend, room)}`
    }),
    styleText(
      'gray',
      `  ${bars[0]} as far better as the limit is worse, ${bars[4]} no change, ${bars.at(-1)} at the limit or beyond`,
    ),
  ]
}

function listOf(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', styleText('bold', title), ...lines.map((line) => `- ${line}`)]
}

/** One rule, night by night. Fault: NO_RUN where no night has it. */
export function trendTable(history: History, metric: string, columns: number | null): string {
  const { swaps } = historyModel(history)
  const known = swaps.flatMap((swap) => swap.trends.map((trend) => ({ swap, trend })))
  const wanted = known.filter(({ trend }) => trend.metric === metric)
  if (wanted.length === 0) {
    const near = nearest(
      metric,
      known.map(({ trend }) => trend.metric),
    )
    throw new Fault('NO_RUN', `no night of these measured ${metric}`, {
      hint: near === null ? 'shadowgate history lists the rules' : `the nearest that was: ${near}`,
    })
  }
  const lines = wanted.flatMap(({ swap, trend }) => [
    `${inSegment(styleText('bold', trend.title), trend.segment)}  ${trend.limit}, ${trend.does}  ${swap.models.production} → ${swap.models.candidate}`,
    ...nightBars(trend, columns ?? unknownWidth),
    '',
    trend.told,
    '',
  ])
  return wrapped(lines.slice(0, -1), columns)
}

function nightBars({ nights }: Trend, width: number): string[] {
  const estimates = Math.max(...nights.map(({ estimate }) => estimate.length))
  const intervals = Math.max(...nights.map(({ interval }) => interval.length))
  const fixed = 2 + 16 + 2 + 2 + estimates + 2 + intervals + 2
  const room = Math.min(41, width - fixed)
  const hasBars = room >= 13
  return [
    ...(hasBars ? [`${' '.repeat(fixed)}${axis(room)}`] : []),
    ...nights.toReversed().map(({ at, outcome, estimate, interval, place }) => {
      const mark = styleText(colours[outcome] ?? 'gray', outcomeMarks[outcome].symbol)
      const figures = `${estimate.padStart(estimates)}  ${interval.padEnd(intervals)}`
      return `  ${minute(at).replace(' UTC', '')}  ${mark} ${figures}  ${hasBars ? bar(place, room) : ''}`
    }),
  ]
}

/** In limits, from left to right: what is drawn further out stands at the edge. */
const [leftmost, rightmost] = [-1.5, 2.5]

function cellOf(margins: number, room: number): number {
  const share = (Math.min(rightmost, Math.max(leftmost, margins)) - leftmost) / (rightmost - leftmost)
  return Math.round(share * (room - 1))
}

function axis(room: number): string {
  const cells = Array<string>(room).fill(' ')
  const write = (text: string, from: number) => text.split('').forEach((each, place) => (cells[from + place] = each))
  write('better', 0)
  write('0', cellOf(0, room))
  write('limit', Math.min(room - 5, cellOf(1, room)))
  return cells.join('')
}

function bar({ low, high, estimate }: { low: number; high: number; estimate: number }, room: number): string {
  const cells = Array<string>(room).fill(' ')
  cells[cellOf(0, room)] = '·'
  cells[cellOf(1, room)] = '┆'
  const [from, to] = [cellOf(low, room), cellOf(high, room)]
  for (let cell = from; cell <= to; cell++) cells[cell] = cell === cellOf(1, room) ? '┼' : '─'
  if (low < leftmost) cells[0] = '◂'
  if (high > rightmost) cells[room - 1] = '▸'
  cells[cellOf(estimate, room)] = '●'
  return cells.join('')
}

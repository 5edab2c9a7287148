// The right pane: five ways to look at one pair, each as lines.

import type { PairDetail, PairRow, SideDetail } from '../../core/pair.ts'
import { cut, oneLine } from '../../core/visible-text.ts'
import { cellsOf, fill, fit, wrap } from '../cells.ts'
import type { MetricLine, Words } from '../source.ts'
import { type Line, line, span } from '../spans.ts'
import { againLines, answerLines, mostCharacters } from './answers.ts'
import { type Layout, shown } from './differences.ts'

export const tabs = ['diff', 'request', 'metrics', 'noise', 'raw'] as const
export type Tab = (typeof tabs)[number]

/** A pair with all that a screen may show of it. */
export interface Shown {
  readonly row: PairRow
  readonly reasons: readonly string[]
  readonly detail: PairDetail
  /** null until they are read. */
  readonly metrics: readonly MetricLine[] | null
}

export function paneLines(tab: Tab, pair: Shown, layout: Layout, words: Words): readonly Line[] {
  switch (tab) {
    case 'diff':
      return [...reasonLines(pair, layout), ...answerLines(pair.detail, layout, words)]
    case 'request':
      return requestLines(pair.detail, layout, words)
    case 'metrics':
      return metricLines(pair, layout, words)
    case 'noise':
      return againLines(pair.detail, layout, words)
    case 'raw':
      return rawLines(pair, layout)
    default:
      return tab satisfies never
  }
}

function reasonLines({ reasons, row }: Shown, { width }: Layout): readonly Line[] {
  const text =
    reasons.length === 0 ? (row.standing === 'same' ? 'the same answer' : 'another answer') : reasons.join(' · ')
  return wrap(
    line(oneLine(text), row.standing === 'regressed' ? 'bad' : row.standing === 'improved' ? 'good' : 'doubt'),
    width,
  )
}

function requestLines({ prompt, source, capturedAt, api, recordId }: PairDetail, layout: Layout, words: Words) {
  const from = `${oneLine(source.file)}:${source.line}${capturedAt === null ? '' : ` · ${words.instant(capturedAt)}`}`
  const heads = [line(`${api} · ${from}`, 'quiet'), line(oneLine(recordId), 'quiet')]
  return [...heads.flatMap((each) => wrap(each, layout.width)), [], ...plainLines(prompt, layout)]
}

/** A text as it is, but for what a terminal would obey. */
export function plainLines(text: string, { width }: Pick<Layout, 'width'>): readonly Line[] {
  const { text: part, left } = cut(text, mostCharacters)
  const lines = shown(part)
    .split('\n')
    .flatMap((each) => wrap(line(each), width))
  return left > 0 ? [...lines, line('Cut: o opens the whole pair in $PAGER.', 'quiet')] : lines
}

function metricLines({ metrics, row }: Shown, { width }: Layout, words: Words): readonly Line[] {
  if (metrics === null) return [line('reading …', 'quiet')]
  const head = { title: '', production: 'production', candidate: 'candidate', again: 'again' }
  const rows = [head, ...metrics.map((each) => ({ ...each, again: each.again ?? '—' }))]
  const columns = (['production', 'candidate', 'again'] as const).map((name) => ({
    name,
    room: Math.min(14, Math.max(...rows.map((each) => cellsOf(each[name])))),
  }))
  const numbers = (each: (typeof rows)[number]) =>
    columns
      .map(({ name, room }) => `  ${' '.repeat(Math.max(0, room - cellsOf(each[name])))}${fit(each[name], room)}`)
      .join('')
  const title = width - cellsOf(numbers(head))
  const table = rows.flatMap((each, place) => {
    const tone = place === 0 ? 'title' : 'plain'
    // What is too long for its column has a line of its own.
    if (cellsOf(each.title) > title) return [line(each.title, tone), line(' '.repeat(title) + numbers(each), tone)]
    return [line(fill(each.title, title) + numbers(each), tone)]
  })
  const similar = row.similarity === null ? [] : wrap(line(similarityWords(row, words)), width)
  const legend = 'again: production asked a second time. What differs there is noise.'
  return [...similar, ...wrap(line(legend, 'quiet'), width), [], ...table]
}

function similarityWords({ similarity, noiseSimilarity }: PairRow, words: Words): string {
  const own = `${words.percent(similarity ?? 0)} of the words in common`
  return noiseSimilarity === null ? own : `${own}; production with itself ${words.percent(noiseSimilarity)}`
}

function rawLines({ detail, row }: Shown, layout: Layout): readonly Line[] {
  return plainLines(JSON.stringify({ row, ...detail }, null, 2), layout)
}

/** The whole pair as a text for other programs: everything, nothing cut, nothing that a terminal obeys. */
export function pairText({ row, reasons, detail }: Shown): string {
  const { production, candidate, again } = detail
  const segments = Object.entries(row.segments).map(([key, value]) => `${key}=${value}`)
  return shown(
    [
      `# ${row.recordId} · ${row.standing}`,
      [...reasons, ...segments, `${detail.source.file}:${detail.source.line}`].join(' · '),
      '',
      '## request',
      '',
      detail.prompt,
      '',
      ...sideText('production', production),
      ...sideText('candidate', candidate),
      ...(again === null ? [] : sideText("production's second answer", again)),
      '## request as it was captured',
      '',
      JSON.stringify(detail.body, null, 2),
      '',
    ].join('\n'),
  )
}

function sideText(name: string, { outcome, text, toolCalls }: SideDetail): readonly string[] {
  const calls = toolCalls.length === 0 ? [] : ['', JSON.stringify(toolCalls, null, 2)]
  return [`## ${name}: ${oneLine(outcome)}`, '', text, ...calls, '']
}

/** Of a cluster: what its pairs have in common, before the pair that shows it. */
export function clusterHead(told: readonly string[], { width }: Layout): readonly Line[] {
  return [...told.flatMap((each) => wrap([span(oneLine(each), 'title')], width)), []]
}

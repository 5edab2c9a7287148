// comment.md: the report as a comment on a pull request, within the forge's size and with nothing in it that pings.

import { inSegment } from '../core/segment-words.ts'
import type { ReportInput } from './input.ts'
import { againstSection } from './markdown/against.ts'
import { code, fence, inline, inlineHtml } from './markdown/escape.ts'
import { type ChangeLine, changeSentence } from './model/changes.ts'
import { type FindingRow, sharedIntervalName } from './model/findings.ts'
import type { FlagLine } from './model/flags.ts'
import type { PairModel, SideModel } from './model/pairs.ts'
import { reviewSentence } from './model/reviews.ts'
import { type ReportModel, reportModel } from './model.ts'
import type { ReportFormat } from './report-format.ts'
import { shorten } from './text.ts'

/** First line of every comment of ours: how the next run finds the comment that it replaces. */
export const marker = '<!-- shadowgate:report -->'
/** GitHub refuses comments of more than 65,536 characters. */
export const maxBytes = 60_000

const maxChanges = 5
const maxRows = 40
const maxSentence = 700
const maxName = 200
const maxExamples = 3
const maxExampleText = 1200
const cutNotice = '_The rest does not fit into a comment: it is in `report.html` of this run._'

/** The comment. Sections that do not fit are left out whole, and the end says so. */
export function toMarkdown(model: ReportModel): string {
  const sections = [
    ...head(model),
    changes(model),
    reviews(model),
    rules(model),
    reasons(model),
    againstSection(model.against),
    segments(model),
    asked(model),
    ...examples(model),
  ]
  const footer = `<sub>${footerWords(model)}</sub>`
  const room = maxBytes - bytes(`\n\n${cutNotice}\n\n${footer}\n`)
  let text: string = marker
  let isCut = false
  for (const section of sections.filter((part) => part !== '')) {
    if (bytes(text) + bytes(section) + 2 > room) isCut = true
    else text += `\n\n${section}`
  }
  return [text, ...(isCut ? [cutNotice] : []), footer].join('\n\n').concat('\n')
}

function bytes(text: string): number {
  return Buffer.byteLength(text)
}

/** Never empty: between two pairs of asterisks nothing would be a rule across the page. */
function sentence(text: string): string {
  return inline(shorten(text, maxSentence)) || '—'
}

/** The title is a section of its own and short whatever it is made of, so that no list can push the verdict out. */
function head(model: ReportModel): readonly string[] {
  const { mark, swap, invalid, flags, against } = model
  const { notes } = model.asked
  return [
    `## ${mark.symbol} ${mark.word}: ${named(swap.production)} → ${named(swap.candidate)}\n\n${leadWords(model)}`,
    list(invalid),
    against === null ? '' : sentence(against.line),
    `**Next:** ${sentence(model.next)}`,
    flags.length === 0
      ? ''
      : `**To investigate, whatever the decision:**\n\n${flags.slice(0, maxRows).map(flagItem).join('\n')}`,
    notes.length === 0 ? '' : `**Notes on this run:**\n\n${list(notes)}`,
  ]
}

function named(text: string): string {
  return code(shorten(text, maxName))
}

function changes({ changes: { lines, opinions, judge } }: ReportModel): string {
  const left = lines.length - maxChanges
  const parts = [
    ...(lines.length === 0 ? [] : [`### What changed\n\n${lines.slice(0, maxChanges).map(changeItem).join('\n')}`]),
    ...(left > 0 ? [`${left} further changes are in \`report.html\`.`] : []),
    ...[judge, opinions].filter((sentences) => sentences.length > 0).map((sentences) => inline(sentences.join(' '))),
  ]
  return parts.join('\n\n')
}

function reviews(model: ReportModel): string {
  const lines = model.reviews.map(reviewSentence)
  const left = lines.length - maxRows
  const more = left > 0 ? `\n\n${left} further reviews are in \`report.html\`.` : ''
  return lines.length === 0 ? '' : `### Reviews\n\n${list(lines)}${more}`
}

function changeItem(line: ChangeLine): string {
  const { where, what, pairs, against, recordId } = line
  const told = changeSentence({ ...line, where: null, what: `**${sentence(what)}**`, against: inline(against), pairs })
  return `- ${where === null ? '' : `${inline(shorten(where, 80))} · `}${told} e.g. ${named(recordId)}`
}

function leadWords({ lead, because }: ReportModel): string {
  if (lead === null) return `**${sentence(because)}**`
  const rest = [lead.sure, lead.more].filter((words) => words !== null)
  return [`**${sentence(lead.what)}**`, rest.map(sentence).join(' ')].filter(Boolean).join('\n\n')
}

function flagItem({ title, words }: FlagLine): string {
  return `- ${title === null ? '' : `**${sentence(title)}**: `}${sentence(words)}`
}

function list(items: readonly string[]): string {
  return items
    .slice(0, maxRows)
    .map((item) => `- ${sentence(item)}`)
    .join('\n')
}

function rules(model: ReportModel): string {
  const main = model.findings.filter((row) => row.segment === null || row.isDeciding)
  if (main.length === 0) return ''
  const shown = main.slice(0, maxRows)
  const shared = sharedIntervalName(shown)
  const rows = shown.map((row) => {
    const cells = [
      `${row.mark.symbol} ${row.mark.word}`,
      `${inline(ruleTitle(row))} (${row.does})`,
      row.production === null ? '—' : `${row.production} → ${row.candidate}`,
      row.estimate === null ? '—' : `**${row.estimate}**`,
      row.interval === null ? '—' : shared === null ? `${row.intervalName} ${row.interval}` : row.interval,
      row.limit,
    ]
    return `| ${cells.join(' | ')} |`
  })
  const table = [
    '| | rule | production → candidate | change | ' + (shared ?? 'interval') + ' | limit |',
    '|---|---|---|---|---|---|',
    ...rows,
  ]
  const more = main.length > maxRows ? `\n\n${main.length - maxRows} further rules are in \`report.html\`.` : ''
  return `### Rules: ${model.tally}\n\n${table.join('\n')}${more}`
}

function ruleTitle(row: FindingRow): string {
  return inSegment(row.title, row.segment && shorten(row.segment, 80))
}

function reasons(model: ReportModel): string {
  const told = model.findings.filter((row) => row.outcome !== 'pass' && row.segment === null).slice(0, maxRows)
  const lines = told.map((row) => `- ${row.mark.symbol} **${inline(row.title)}**: ${sentence(row.because)}`)
  return lines.length === 0 ? '' : `### Why\n\n${lines.join('\n')}\n\n${model.sureness}`
}

function segments(model: ReportModel): string {
  const failed = model.findings.filter((row) => row.segment !== null && row.outcome === 'fail')
  const blind = model.segments.flatMap((table) => (table.blind === null ? [] : [`By ${table.key}: ${table.blind}`]))
  const quiet = blind.length === 0 ? '' : `### Where silence is no evidence\n\n${list(blind)}`
  if (failed.length === 0) return quiet
  const lines = failed.slice(0, maxRows).map((row) => {
    return `- ${row.mark.symbol} **${inline(ruleTitle(row))}** (${row.does}): ${sentence(row.because)}`
  })
  return [`### Segments that failed\n\n${lines.join('\n')}`, ...(quiet === '' ? [] : [quiet])].join('\n\n')
}

function asked(model: ReportModel): string {
  const { excluded, excludedTotal, cost } = model.asked
  const reasonsOf = excluded.slice(0, maxRows).map((row) => `${inline(row.reason)}: ${row.pairs}`)
  const excludedWords = reasonsOf.length === 0 ? excludedTotal : `${excludedTotal} By reason: ${reasonsOf.join(', ')}.`
  const lines = [`- ${model.pairs} pairs. ${excludedWords}`, `- Cost: ${cost ?? 'no price given'}`]
  lines.push(...model.latency.told.map((line) => `- ${inline(line)}`))
  return `### What was asked\n\n${lines.join('\n')}`
}

function examples(model: ReportModel): readonly string[] {
  return model.examples.slice(0, maxExamples).map((pair, index) => {
    const title = index === 0 ? '### The worst pairs\n\n' : ''
    const summary = `${inlineHtml(shorten(pair.reasons.join('; ') || 'pair', maxSentence))} · ${inlineHtml(shorten(pair.segments.join(', '), maxSentence))}`
    const body = [
      passage('Request', shorten(pair.prompt.text, maxExampleText)),
      side(pair.production),
      side(pair.candidate),
    ]
    return `${title}<details><summary>${summary}</summary>\n\n${body.join('\n\n')}\n\n${foot(pair)}\n\n</details>`
  })
}

function foot(pair: PairModel): string {
  return `<sub>${inline(pair.similarity)} · ${sentence(pair.source)} · ${inline(shorten(pair.id, maxName))}</sub>`
}

function side(model: SideModel): string {
  const text = model.parts.map((part) => part.text).join('')
  const name = model.arm === 'production' ? 'Production' : 'Candidate'
  return passage(`${name}: ${inline(model.outcome)}, ${model.latency}, ${model.tokens}`, shorten(text, maxExampleText))
}

function passage(title: string, text: string): string {
  return `${title}\n\n${fence(text)}`
}

function footerWords({ run }: ReportModel): string {
  return `shadowgate ${inline(run.version)} · run ${inline(shorten(run.id, maxName))} · seed ${run.seed}`
}

export const markdown = {
  name: 'markdown',
  file: 'comment.md',
  render: (input: ReportInput) => toMarkdown(reportModel(input)),
} as const satisfies ReportFormat

// The verdict as the terminal shows it, in the report's own words.

import { styleText } from 'node:util'
import type { Decision, FindingOutcome, Severity } from '../core/judgement.ts'
import { closingLine, type FindingRow, findingRows, type Judged } from '../report/index.ts'

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

/** Several lines; colours only where standard output shows them. */
export function verdictText(judged: Judged): string {
  const { decision, held, because, next, flags, findings } = judged.verdict
  const word = held ? `${decision}, held` : decision
  const rows = findingRows(judged)
  const shown = rows.filter((row) => row.segment === null || row.isDeciding || row.outcome === 'fail')
  const hidden = rows.length - shown.length
  const widths = widthsOf(shown)
  const group = (severity: Severity) => {
    const members = shown.filter((row) => row.severity === severity)
    return members.length === 0
      ? []
      : ['', styleText('bold', headings[severity]), ...members.map((row) => line(row, widths))]
  }
  return [
    `${styleText(['bold', held ? 'yellow' : decisionColours[decision]], word)}  ${because}`,
    `${' '.repeat(word.length)}  ${next}`,
    ...group('block'),
    ...group('investigate'),
    ...group('warn'),
    ...(hidden > 0 ? [styleText('gray', `  … and ${hidden} more by segment, in the report`)] : []),
    ...(flags.length > 0 ? ['', styleText('yellow', 'To investigate, whatever the decision')] : []),
    ...flags.map((flag) => `  ${flag}`),
    '',
    closingLine(findings),
  ].join('\n')
}

/** The cells of a row after its outcome; a rule without figures has its sentence instead. */
function cellsOf(row: FindingRow): readonly string[] {
  const title = row.segment === null ? row.title : `${row.title} [${row.segment}]`
  if (row.estimate === null) return [title]
  return [title, `${row.production} → ${row.candidate}`, row.estimate, row.interval ?? '', row.limit]
}

function widthsOf(rows: readonly FindingRow[]): readonly number[] {
  const cells = rows.map(cellsOf)
  return [0, 1, 2, 3, 4].map((column) => Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)))
}

function line(row: FindingRow, widths: readonly number[]): string {
  const [title = '', ...figures] = cellsOf(row)
  const outcome = styleText(outcomeColours[row.outcome], `${row.mark.symbol} ${row.outcome.padEnd(13)}`)
  const rest =
    figures.length === 0 ? row.because : figures.map((cell, index) => cell.padEnd(widths[index + 1] ?? 0)).join('  ')
  return `  ${outcome} ${title.padEnd(widths[0] ?? 0)}  ${rest}`.trimEnd()
}

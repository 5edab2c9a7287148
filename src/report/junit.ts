// junit.xml: the rules as test cases, so that CI systems count and show them without knowing us.

import junitReportBuilder, { type Builder } from 'junit-report-builder'
import type { Severity } from '../core/judgement.ts'
import { inSegment } from '../core/segment-words.ts'
import type { ReportInput } from './input.ts'
import type { FindingRow } from './model/findings.ts'
import { reviewSentence } from './model/reviews.ts'
import { type ReportModel, reportModel } from './model.ts'
import type { ReportFormat } from './report-format.ts'
import { oneLine } from './text.ts'
import { severityWords } from './words.ts'

const groups: readonly Severity[] = ['block', 'investigate', 'warn']

const library = junitReportBuilder as unknown as Builder

/** One suite for each severity, one case for each finding: fail is a failure, what was not shown either way is skipped. */
export function toJunit(model: ReportModel): string {
  const builder = library.newBuilder().name(`shadowgate: ${model.decision}`)
  const reasons: string[] = []
  if (model.decision === 'INVALID') {
    // Without this a run that can't be judged could look like one in which nothing failed.
    const test = builder
      .testSuite()
      .name('shadowgate: Validity')
      .testCase()
      .className('shadowgate.validity')
      .name('run')
    test.failure(oneLine([model.because, ...model.invalid].join(' ')), 'invalid')
  }
  const regressions = model.reviews.filter(({ isBlocking }) => isBlocking)
  if (regressions.length > 0) {
    const suite = builder.testSuite().name('shadowgate: Reviews')
    for (const line of regressions) {
      const test = suite.testCase().className('shadowgate.reviews').name(`${line.what} [${line.id}]`)
      test.failure(oneLine(reviewSentence(line)), 'regression')
    }
  }
  for (const severity of groups) {
    const rows = model.findings.filter((row) => row.severity === severity)
    if (rows.length === 0) continue
    const suite = builder.testSuite().name(`shadowgate: ${severityWords[severity].group}`)
    suite.timestamp(model.run.startedAt)
    for (const [name, value] of properties(model)) suite.property(name, value)
    for (const row of rows) {
      const test = suite.testCase().className(`shadowgate.${severity}`).name(caseName(row))
      if (row.outcome === 'fail') test.failure(reason(row), severity)
      else if (row.outcome !== 'pass') {
        test.skipped()
        reasons.push(`${row.mark.word}: ${reason(row)}`)
      }
    }
  }
  return withSkipReasons(builder.build(), reasons)
}

function properties(model: ReportModel): readonly (readonly [string, string])[] {
  return [
    ['run', oneLine(model.run.id)],
    ['decision', model.decision],
    ['production', model.swap.production],
    ['candidate', model.swap.candidate],
    ['seed', model.run.seed],
    ['shadowgate', oneLine(model.run.version)],
    ...(model.against === null ? [] : ([['against', oneLine(model.against.line)]] as const)),
  ]
}

/** The same from run to run, so that CI can follow a case: no figure is in it. */
function caseName(row: FindingRow): string {
  return inSegment(oneLine(row.metric), row.segment)
}

function reason(row: FindingRow): string {
  return oneLine(row.because)
}

/** The builder has no message for a skipped case. Text can't hold `<skipped/>`: there is no CDATA, and `<` is escaped. */
function withSkipReasons(xml: string, reasons: readonly string[]): string {
  let next = 0
  return `${xml.replaceAll('<skipped/>', () => `<skipped message="${attribute(reasons[next++] ?? '')}"/>`)}\n`
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

export const junit = {
  name: 'junit',
  file: 'junit.xml',
  render: (input: ReportInput) => toJunit(reportModel(input)),
} as const satisfies ReportFormat

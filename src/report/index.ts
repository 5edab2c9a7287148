// The roster of report formats, and the room's door.

import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import type { ReportFormat } from './report-format.ts'

export { closingLine } from './closing-line.ts'
export { type History, historyFrom, historyText } from './history/history.ts'
export { type HistoryModel, historyModel } from './history/history-model.ts'
export { historyOf } from './history/history-of.ts'
export { type Trend, trendsOf } from './history/trend.ts'
export { historyHtml } from './html/history-page.tsx'
export type {
  AgainstInput,
  CallCounts,
  LeftOut,
  LogCounts,
  PairExample,
  PrivacyFacts,
  ReportInput,
  RunCounts,
} from './input.ts'
export { toVerdictJson } from './json.ts'
export { againstModel } from './model/against.ts'
export { type ChangeLine, changeLines, changeSentence, opinionSentences } from './model/changes.ts'
export { type FindingRow, findingRows, type Judged } from './model/findings.ts'
export { flagsBeside } from './model/flags.ts'
export { judgeSentences } from './model/judge.ts'
export { reviewLines, reviewSentence } from './model/reviews.ts'
export { blindWords } from './model/segments.ts'
export type { ReportFormat } from './report-format.ts'
export { type VerdictFile, verdictJsonSchema, verdictSchemaId } from './verdict-schema.ts'

/** Every report format, in the order in which they are written. */
export const formats = [html, markdown, json, junit] as const satisfies readonly ReportFormat[]

/** A word of the config's `report.formats`. */
export type ReportFormatName = (typeof formats)[number]['name']

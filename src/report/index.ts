// The roster of report formats, and the room's door.

import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import type { ReportFormat } from './report-format.ts'

export { closingLine } from './closing-line.ts'
export type { CallCounts, PairExample, ReportInput, RunCounts } from './input.ts'
export { toVerdictJson } from './json.ts'
export { type ChangeLine, changeLines, changeSentence, opinionSentences } from './model/changes.ts'
export { type FindingRow, findingRows, type Judged } from './model/findings.ts'
export { judgeSentences } from './model/judge.ts'
export { reviewLines, reviewSentence } from './model/reviews.ts'
export { blindWords } from './model/segments.ts'
export type { ReportFormat } from './report-format.ts'
export { verdictJsonSchema, verdictSchemaId } from './verdict-schema.ts'

/** Every report format, in the order in which they are written. */
export const formats = [html, markdown, json, junit] as const satisfies readonly ReportFormat[]

/** A word of the config's `report.formats`. */
export type ReportFormatName = (typeof formats)[number]['name']

// report.html: the report for people, one file that opens anywhere and prints.

import { toHtml } from './html/page.tsx'
import type { ReportInput } from './input.ts'
import { reportModel } from './model.ts'
import type { ReportFormat } from './report-format.ts'

export const html = {
  name: 'html',
  file: 'report.html',
  render: (input: ReportInput) => toHtml(reportModel(input)),
} as const satisfies ReportFormat

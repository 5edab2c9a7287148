// report.html: the report for people, one file that opens anywhere and prints.

import { pageData } from './data/page-data.ts'
import { toHtml } from './html/page.tsx'
import type { ReportInput } from './input.ts'
import { reportModel } from './model.ts'
import type { ReportFormat } from './report-format.ts'

export const html = {
  name: 'html',
  file: 'report.html',
  render: (input: ReportInput) => {
    const { pageScript: script, maxBytes } = input
    const dataFor = (roomBytes: number) => pageData(input, roomBytes)
    return toHtml(reportModel(input), script === null ? null : { script, maxBytes, dataFor })
  },
} as const satisfies ReportFormat

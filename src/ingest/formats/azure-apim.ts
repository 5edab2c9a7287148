// Azure API Management's log of language models: a call over several rows, beside a row of its gateway.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, isObject } from '../../providers/shape.ts'
import type { LogEntry, LogFormat } from '../log-format.ts'
import { assembled, isGatewayRow, isModelRow, type LogRow, orderOf, rowOf } from './azure-apim-rows.ts'

export const azureApim = {
  name: 'azure-apim',
  title: "Azure API Management's log of language models (`ApiManagementGatewayLlmLog`)",
  tells:
    'messages and answer, usage; status, latency and API from `ApiManagementGatewayLogs` where its rows are there too',
  lacks: 'settings and tools, reasons to stop, TTFT, users, feedback',
  nests: false,
  recognises: (line) => rowsOf(line).length > 0,
  read,
  assemble: (rows) => assembled(rows.map(rowOf).filter((row) => row !== null)),
  specimens: [
    {
      line: {
        TimeGenerated: '2026-09-01T10:00:00Z',
        CorrelationId: 'c1',
        SequenceNumber: 0,
        ModelName: 'gpt-x-2026-01-01',
        DeploymentName: 'prod',
        PromptTokens: 12,
        CompletionTokens: 3,
        TotalTokens: 15,
        Type: 'ApiManagementGatewayLlmLog',
      },
      kind: 'row',
    },
    {
      line: {
        TimeGenerated: '2026-09-01T10:00:00Z',
        CorrelationId: 'c1',
        SequenceNumber: 1,
        RequestMessages: '[{"role":"user","content":"Hi"}]',
        Type: 'ApiManagementGatewayLlmLog',
      },
      kind: 'row',
    },
    {
      line: {
        records: [
          {
            time: '2026-09-01T10:00:00Z',
            category: 'GatewayLlmLogs',
            correlationId: 'c1',
            properties: { sequenceNumber: 2, responseMessages: '[{"role":"assistant","content":"Hello"}]' },
          },
        ],
      },
      kind: 'row',
    },
    {
      line: {
        TimeGenerated: '2026-09-01T10:00:00Z',
        CorrelationId: 'c1',
        ApiId: 'azure-openai',
        ResponseCode: 200,
        BackendTime: 812,
        Type: 'ApiManagementGatewayLogs',
      },
      kind: 'row',
    },
  ],
} as const satisfies LogFormat

/** Event hubs and storage wrap records in a list, the query API gives rows one by one. */
function rowsOf(line: Json): readonly { readonly row: LogRow; readonly line: JsonObject }[] {
  const lines = arrayAt(line, 'records').length > 0 ? arrayAt(line, 'records') : [line]
  const rows = lines.map((each) => ({ row: rowOf(each), line: each }))
  return rows.flatMap(({ row, line: each }) =>
    row !== null && isObject(each) && (isModelRow(row) || isGatewayRow(row)) ? [{ row, line: each }] : [],
  )
}

function read(line: Json): readonly LogEntry[] {
  const rows = rowsOf(line)
  if (rows.length === 0) {
    return [{ kind: 'rejected', reason: 'no row of `ApiManagementGatewayLlmLog` or `ApiManagementGatewayLogs`' }]
  }
  return rows.map(({ row, line: each }) => ({
    kind: 'row',
    key: `azure-apim\0${row.correlationId}`,
    order: orderOf(row),
    row: each,
  }))
}

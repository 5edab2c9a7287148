// Records in columns: how they pass from thread to thread.

import type { Fidelity, PackedRecord, Source } from '../core/types.ts'

/** Plain texts, which pass from thread to thread many times as fast as objects do. */
export const emptyColumns = () => ({
  id: new Array<string>(),
  api: new Array<string>(),
  body: new Array<string>(),
  capturedAt: new Array<string | null>(),
  recorded: new Array<string | null>(),
  recordedTiming: new Array<string | null>(),
  recordedUsage: new Array<string | null>(),
  recordedError: new Array<string | null>(),
  feedback: new Array<string>(),
  cluster: new Array<string | null>(),
  segments: new Array<string>(),
  fidelity: new Array<Fidelity>(),
  fidelityReason: new Array<string | null>(),
  callId: new Array<string | null>(),
  traceId: new Array<string | null>(),
})

export type Columns = ReturnType<typeof emptyColumns>

export function addTo(columns: Columns, record: PackedRecord): void {
  columns.id.push(record.id)
  columns.api.push(record.api)
  columns.body.push(record.body)
  columns.capturedAt.push(record.capturedAt)
  columns.recorded.push(record.recorded)
  columns.recordedTiming.push(record.recordedTiming)
  columns.recordedUsage.push(record.recordedUsage)
  columns.recordedError.push(record.recordedError)
  columns.feedback.push(record.feedback)
  columns.cluster.push(record.cluster)
  columns.segments.push(record.segments)
  columns.fidelity.push(record.fidelity)
  columns.fidelityReason.push(record.fidelityReason)
  columns.callId.push(record.callId)
  columns.traceId.push(record.traceId)
}

/** The record of one row of the columns. */
export function recordAt(columns: Columns, row: number, source: Source): PackedRecord {
  return {
    id: columns.id[row] ?? '',
    api: columns.api[row] ?? '',
    body: columns.body[row] ?? '',
    capturedAt: columns.capturedAt[row] ?? null,
    recorded: columns.recorded[row] ?? null,
    recordedTiming: columns.recordedTiming[row] ?? null,
    recordedUsage: columns.recordedUsage[row] ?? null,
    recordedError: columns.recordedError[row] ?? null,
    feedback: columns.feedback[row] ?? '[]',
    cluster: columns.cluster[row] ?? null,
    segments: columns.segments[row] ?? '{}',
    fidelity: columns.fidelity[row] ?? 'full',
    fidelityReason: columns.fidelityReason[row] ?? null,
    callId: columns.callId[row] ?? null,
    traceId: columns.traceId[row] ?? null,
    source,
  }
}

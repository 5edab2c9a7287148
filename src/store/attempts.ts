// Attempts: written as they end, read back as pairs.

import { unreachable } from '../core/fault.ts'
import type { AnsweredCall, Attempt, Comparison, Outcome, Pair, RequestRecord, TimeoutPhase } from '../core/types.ts'
import type { TableAppender } from './appender.ts'
import type { Database, Row } from './database.ts'
import { recordColumns, recordOf } from './records.ts'

/** The one writer of attempts. What was flushed survives kill −9; a timer flushes what came in the last second. */
export interface AttemptWriter {
  readonly write: (attempt: Attempt) => void
  /** Flushes the rest. Throws what `onFailure` was told, if it was. */
  readonly close: () => void
}

const flushEveryMs = 1000
const flushEveryRows = 500

/** `onFailure` is called once, with a Fault where the disk is full: nothing written after that is kept. */
export async function createAttemptWriter(
  db: Database,
  runId: string,
  onFailure: (error: unknown) => void,
): Promise<AttemptWriter> {
  const appender = await db.ownAppender('attempt')
  let pending = 0
  let failure: { readonly error: unknown } | null = null
  const attemptTo = (work: () => void) => {
    if (failure) return
    try {
      work()
    } catch (error) {
      failure = { error }
      onFailure(error)
    }
  }
  const flush = () => {
    if (pending > 0) appender.flush()
    pending = 0
  }
  const timer = setInterval(() => attemptTo(flush), flushEveryMs)
  return {
    write: (attempt) =>
      attemptTo(() => {
        appendAttempt(appender, runId, attempt)
        pending += 1
        if (pending >= flushEveryRows) flush()
      }),
    close: () => {
      clearInterval(timer)
      attemptTo(flush)
      try {
        appender.close()
      } catch (error) {
        failure ??= { error }
      }
      if (failure) throw failure.error
    },
  }
}

function appendAttempt(appender: TableAppender, runId: string, attempt: Attempt): void {
  const { outcome, timing } = attempt
  const reply = outcome.kind === 'reply' ? outcome.reply : null
  appender.text(runId).text(attempt.recordId).text(attempt.arm).integer(attempt.trial).integer(attempt.tries)
  appender.boolean(attempt.isFinal).integer(attempt.position).instant(attempt.dueAt).instant(attempt.sentAt)
  appender.double(timing.headersMs).double(timing.firstTokenMs).double(timing.totalMs)
  appender
    .text(outcome.kind)
    .text(outcome.kind === 'timeout' ? outcome.phase : null)
    .integer(attempt.httpStatus)
  appender.text(outcome.kind === 'rejected' ? outcome.code : null).text('detail' in outcome ? outcome.detail : null)
  appender
    .text(reply?.text ?? null)
    .json(reply && reply.toolCalls.length > 0 ? reply.toolCalls : null)
    .text(reply?.stop ?? null)
  appender.bigint(reply?.usage?.input ?? null).bigint(reply?.usage?.output ?? null)
  appender.bigint(reply?.usage?.cachedInput ?? null).bigint(reply?.usage?.reasoning ?? null)
  appender.text(reply?.servedModel ?? null).endRow()
}

/** How far the run came: the calls whose final try is stored. */
export async function progressOf(db: Database, runId: string): Promise<{ done: Set<string> }> {
  const rows = await db.all(
    `SELECT record_id || ' ' || arm || ' ' || trial AS key FROM attempt WHERE run_id = $1 AND is_final`,
    [runId],
  )
  return { done: new Set(rows.map((row) => String(row['key']))) }
}

/** The records of a run from an ordinal on, read a page at a time. */
export async function* recordsFrom(
  db: Database,
  runId: string,
  pageSize = 256,
): AsyncIterable<{ ordinal: number; record: RequestRecord }> {
  for (let from = 0; ; from += pageSize) {
    const rows = await db.all(
      `SELECT rr.ordinal, ${recordColumns} FROM run_record rr JOIN record r ON r.id = rr.record_id
       WHERE rr.run_id = $1 AND rr.ordinal >= $2 AND rr.ordinal < $3 ORDER BY rr.ordinal`,
      [runId, from, from + pageSize],
    )
    if (rows.length === 0) return
    for (const row of rows) yield { ordinal: Number(row['ordinal']), record: recordOf(row) }
  }
}

const sides: Record<Comparison, { left: [string, number]; right: [string, number] }> = {
  candidate: { left: ['production', 0], right: ['candidate', 0] },
  noise: { left: ['production', 0], right: ['production', 1] },
  cross: { left: ['production', 1], right: ['candidate', 0] },
}

/** The pairs of one comparison in which both sides came to an end, in the order of replay. */
export async function* pairsOf(db: Database, runId: string, comparison: Comparison): AsyncIterable<readonly Pair[]> {
  const { left, right } = sides[comparison]
  const rows = db.stream(
    `SELECT rr.record_id, ${columnsOf('p')}, ${columnsOf('c')} FROM run_record rr
     JOIN calls p ON p.run_id = rr.run_id AND p.record_id = rr.record_id AND p.arm = '${left[0]}' AND p.trial = ${left[1]}
     JOIN calls c ON c.run_id = rr.run_id AND c.record_id = rr.record_id AND c.arm = '${right[0]}' AND c.trial = ${right[1]}
     WHERE rr.run_id = $1 ORDER BY rr.ordinal`,
    [runId],
  )
  for await (const chunk of rows) {
    yield chunk.map((row) => ({
      recordId: String(row['record_id']),
      comparison,
      production: callOf(row, 'p'),
      candidate: callOf(row, 'c'),
    }))
  }
}

const callColumns =
  'outcome timeout_phase http_status error_code detail text tool_calls stop input_tokens output_tokens cached_input_tokens reasoning_tokens served_model latency_ms ttft_ms tries'.split(
    ' ',
  )

/** The columns of a call, each named after its alias: `p.text AS p_text`. */
function columnsOf(alias: 'p' | 'c'): string {
  return callColumns.map((name) => `${alias}.${name} AS ${alias}_${name}`).join(', ')
}

function callOf(row: Row, prefix: string): AnsweredCall {
  const get = (name: string) => row[`${prefix}_${name}`] ?? null
  const firstToken = get('ttft_ms')
  return {
    outcome: outcomeOf(get),
    latencyMs: Number(get('latency_ms')),
    firstTokenMs: firstToken === null ? null : Number(firstToken),
    tries: Number(get('tries')),
  }
}

function outcomeOf(get: (name: string) => Row[string]): Outcome {
  const text = (name: string) => (get(name) === null ? null : String(get(name)))
  const number = (name: string) => (get(name) === null ? null : Number(get(name)))
  const kind = get('outcome') as Outcome['kind']
  switch (kind) {
    case 'reply': {
      const [input, output] = [number('input_tokens'), number('output_tokens')]
      const usage =
        input === null || output === null
          ? null
          : { input, output, cachedInput: number('cached_input_tokens'), reasoning: number('reasoning_tokens') }
      const toolCalls = text('tool_calls')
      const stop = get('stop') as (Outcome & { kind: 'reply' })['reply']['stop']
      const servedModel = text('served_model')
      return {
        kind,
        reply: {
          text: text('text') ?? '',
          toolCalls: toolCalls ? JSON.parse(toolCalls) : [],
          stop,
          usage,
          servedModel,
        },
      }
    }
    case 'rejected':
      return { kind, status: number('http_status') ?? 0, code: text('error_code'), detail: text('detail') ?? '' }
    case 'broken':
      return { kind, detail: text('detail') ?? '' }
    case 'timeout':
      return { kind, phase: get('timeout_phase') as TimeoutPhase }
    case 'cancelled':
      return { kind }
    default:
      return unreachable(kind)
  }
}

/** Calls of each arm and how they ended, tokens and models included. */
export async function callCounts(db: Database, runId: string): Promise<Row[]> {
  return db.all(
    `SELECT arm, count(*) AS calls, count(*) FILTER (tries > 0) AS retries,
       count(*) FILTER (is_final AND outcome = 'reply') AS reply, count(*) FILTER (is_final AND outcome = 'rejected') AS rejected,
       count(*) FILTER (is_final AND outcome = 'broken') AS broken, count(*) FILTER (is_final AND outcome = 'timeout') AS timeout,
       sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(cached_input_tokens) AS cached_input_tokens,
       to_json(list(DISTINCT served_model) FILTER (served_model IS NOT NULL)) AS served_models
     FROM attempt WHERE run_id = $1 GROUP BY arm`,
    [runId],
  )
}

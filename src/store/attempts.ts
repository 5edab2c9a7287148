// Attempts: written as they end, read back as pairs.

import { unreachable } from '../core/fault.ts'
import type { Arm, Attempt, Outcome, Reply, StopReason, TimeoutPhase } from '../core/types.ts'
import type { TableAppender } from './appender.ts'
import type { Database, Row } from './database.ts'

/** The one writer of attempts. What was flushed survives kill −9; a timer flushes what came in the last second. */
export interface AttemptWriter {
  readonly write: (attempt: Attempt) => void
  /** What was written can be read from then on. */
  readonly flush: () => void
  /** Flushes the rest. Throws what `onFailure` was told, if it was. */
  readonly close: () => void
}

const flushEveryMs = 1000
/** A flush is a commit, so they are few; between two of them at most this many characters of answers wait in memory. */
const flushEveryChars = 8_000_000
const flushEveryRows = 5000

/** `onFailure` is called once, with a Fault where the disk is full: nothing written after that is kept. */
export async function createAttemptWriter(
  db: Database,
  runId: string,
  onFailure: (error: unknown) => void,
): Promise<AttemptWriter> {
  const appender = await db.ownAppender('attempt')
  let [pending, chars] = [0, 0]
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
    chars = 0
  }
  const timer = setInterval(() => attemptTo(flush), flushEveryMs)
  return {
    write: (attempt) =>
      attemptTo(() => {
        appendAttempt(appender, runId, attempt)
        pending += 1
        chars += charsIn(attempt.outcome)
        if (pending >= flushEveryRows || chars >= flushEveryChars) flush()
      }),
    flush: () => attemptTo(flush),
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

function charsIn(outcome: Outcome): number {
  if (outcome.kind !== 'reply') return 0
  const { text, toolCalls } = outcome.reply
  return toolCalls.reduce((sum, call) => sum + call.arguments.length, text.length)
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
  appender
    .text(reply?.servedModel ?? null)
    .integer(attempt.round)
    .double(attempt.delayMs)
    .integer(attempt.ordinal)
    .bigint(reply?.usage?.cacheWrite ?? 0)
    .endRow()
}

/** How far the run came: the calls whose final try is stored. */
export async function progressOf(db: Database, runId: string): Promise<{ done: Set<string> }> {
  const rows = await db.all(
    `SELECT record_id || ' ' || arm || ' ' || trial AS key FROM attempt WHERE run_id = $1 AND is_final`,
    [runId],
  )
  return { done: new Set(rows.map((row) => String(row['key']))) }
}

/** Some records of a run: those at these places, or the first so many; null: all of them. */
export type Which = { readonly ordinals: readonly number[] } | { readonly first: number } | null

/**
 * The attempts of a run, those of each record together, in the order of the run. Read a page of records at a time, so that no
 * sort has to hold all the texts.
 */
export async function* attemptsOf(
  db: Database,
  runId: string,
  which: Which = null,
): AsyncIterable<readonly RecordAttempts[]> {
  const pages = await pagesOf(db, runId, which)
  for (const { from, to, where } of pages) {
    const rows = db.stream(
      `SELECT ${columns} FROM attempt WHERE run_id = $1 AND ordinal >= $2 AND ordinal < $3 ${where} ORDER BY ordinal, sent_at, tries`,
      [runId, from, to],
    )
    const records: { ordinal: number; attempts: Attempt[] }[] = []
    for await (const chunk of rows) {
      for (const row of chunk) {
        const attempt = attemptOf(row)
        const last = records.at(-1)
        if (last?.ordinal === attempt.ordinal) last.attempts.push(attempt)
        else records.push({ ordinal: attempt.ordinal, attempts: [attempt] })
      }
    }
    if (records.length > 0) yield records
  }
}

export interface RecordAttempts {
  readonly ordinal: number
  readonly attempts: readonly Attempt[]
}

interface Page {
  readonly from: number
  readonly to: number
  /** A further condition. */
  readonly where: string
}

const pageSize = 2048

async function pagesOf(db: Database, runId: string, which: Which): Promise<Page[]> {
  if (which !== null && 'ordinals' in which) return listPages(which.ordinals)
  if (which !== null) return wholePages(which.first)
  const [row] = await db.all('SELECT coalesce(max(ordinal), -1) AS last FROM attempt WHERE run_id = $1', [runId])
  return wholePages(Number(row?.['last']) + 1)
}

function wholePages(count: number): Page[] {
  return Array.from({ length: Math.ceil(count / pageSize) }, (_, page) => ({
    from: page * pageSize,
    to: Math.min(count, (page + 1) * pageSize),
    where: '',
  }))
}

function listPages(ordinals: readonly number[]): Page[] {
  const sorted = ordinals.toSorted((a, b) => a - b)
  const pages: Page[] = []
  for (let from = 0; from < sorted.length; from += pageSize) {
    const some = sorted.slice(from, from + pageSize)
    const where = `AND ordinal IN (${some.join(', ')})`
    pages.push({ from: some[0] ?? 0, to: (some.at(-1) ?? 0) + 1, where })
  }
  return pages
}

const columns = `record_id, ordinal, arm, trial, round, tries, is_final, position, delay_ms, epoch_ms(due_at) AS due,
  epoch_ms(sent_at) AS sent, headers_ms, first_token_ms, total_ms, outcome, timeout_phase, http_status, error_code, detail, text,
  tool_calls, stop, input_tokens, output_tokens, cached_input_tokens, reasoning_tokens, cache_write_tokens,
  served_model`

function attemptOf(row: Row): Attempt {
  const numberAt = (name: string) => numberIn(row, name)
  return {
    recordId: String(row['record_id']),
    ordinal: Number(row['ordinal']),
    arm: row['arm'] as Arm,
    trial: Number(row['trial']),
    round: Number(row['round']),
    tries: Number(row['tries']),
    isFinal: row['is_final'] === true,
    position: Number(row['position']),
    dueAt: new Date(Number(row['due'])).toISOString(),
    sentAt: new Date(Number(row['sent'])).toISOString(),
    delayMs: Number(row['delay_ms']),
    timing: {
      headersMs: numberAt('headers_ms'),
      firstTokenMs: numberAt('first_token_ms'),
      totalMs: numberAt('total_ms'),
    },
    outcome: outcomeOf(row),
    httpStatus: numberAt('http_status'),
  }
}

function numberIn(row: Row, name: string): number | null {
  const value = row[name] ?? null
  return value === null ? null : Number(value)
}

function textIn(row: Row, name: string): string | null {
  const value = row[name] ?? null
  return value === null ? null : String(value)
}

function outcomeOf(row: Row): Outcome {
  const kind = row['outcome'] as Outcome['kind']
  switch (kind) {
    case 'reply':
      return { kind, reply: replyOf(row) }
    case 'rejected':
      return {
        kind,
        status: numberIn(row, 'http_status') ?? 0,
        code: textIn(row, 'error_code'),
        detail: textIn(row, 'detail') ?? '',
      }
    case 'broken':
      return { kind, detail: textIn(row, 'detail') ?? '' }
    case 'timeout':
      return { kind, phase: row['timeout_phase'] as TimeoutPhase }
    case 'cancelled':
      return { kind }
    default:
      return unreachable(kind)
  }
}

function replyOf(row: Row): Reply {
  const [input, output] = [numberIn(row, 'input_tokens'), numberIn(row, 'output_tokens')]
  const toolCalls = textIn(row, 'tool_calls')
  const cacheWrite = numberIn(row, 'cache_write_tokens') ?? 0
  return {
    text: textIn(row, 'text') ?? '',
    toolCalls: toolCalls ? JSON.parse(toolCalls) : [],
    stop: row['stop'] as StopReason,
    usage:
      input === null || output === null
        ? null
        : {
            input,
            output,
            cachedInput: numberIn(row, 'cached_input_tokens'),
            reasoning: numberIn(row, 'reasoning_tokens'),
            ...(cacheWrite > 0 ? { cacheWrite } : {}),
          },
    servedModel: textIn(row, 'served_model'),
  }
}

/** Calls of each arm and how they ended, in their last round; tokens of all that was asked, since all of it is paid for. */
export async function callCounts(db: Database, runId: string): Promise<Row[]> {
  return db.all(
    `WITH sent AS (
       SELECT arm, count(*) AS attempts, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
         sum(cached_input_tokens) AS cached_input_tokens, sum(cache_write_tokens) AS cache_write_tokens,
         to_json(list(DISTINCT served_model) FILTER (served_model IS NOT NULL)) AS served_models
       FROM attempt WHERE run_id = $1 GROUP BY arm
     ), ended AS (
       SELECT arm, count(*) AS calls, count(*) FILTER (outcome = 'reply') AS reply,
         count(*) FILTER (outcome = 'rejected') AS rejected, count(*) FILTER (outcome = 'broken') AS broken,
         count(*) FILTER (outcome = 'timeout') AS timeout
       FROM calls WHERE run_id = $1 GROUP BY arm
     )
     SELECT sent.* EXCLUDE (attempts), sent.attempts AS calls, sent.attempts - coalesce(ended.calls, 0) AS retries,
       coalesce(reply, 0) AS reply, coalesce(rejected, 0) AS rejected, coalesce(broken, 0) AS broken,
       coalesce(timeout, 0) AS timeout
     FROM sent LEFT JOIN ended USING (arm)`,
    [runId],
  )
}

/** When each record's pair was sent first, ms since 1970, one for each of `records` places; NaN where none was. */
export async function sentTimesOf(db: Database, runId: string, records: number): Promise<Float64Array> {
  const times = new Float64Array(records).fill(Number.NaN)
  const chunks = db.chunks(
    'SELECT ordinal, epoch_ms(min(sent_at))::DOUBLE FROM attempt WHERE run_id = $1 AND trial = 0 GROUP BY ordinal',
    [runId],
  )
  for await (const chunk of chunks) {
    const [ordinals, sent] = [chunk.getColumnVector(0), chunk.getColumnVector(1)]
    const { rowCount } = chunk
    for (let row = 0; row < rowCount; row++) times[Number(ordinals.getItem(row))] = Number(sent.getItem(row))
  }
  return times
}

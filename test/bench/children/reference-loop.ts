// The minimal loop that shadowgate is measured beside: undici's `request`, p-limit with every task queued, DuckDB's appender.

import { DuckDBInstance } from '@duckdb/node-api'
import pLimit from 'p-limit'
import { Pool } from 'undici'
import { type ChatRequest, readRequests } from '../support/logs.ts'
import { models } from '../support/mock.ts'

const [log = '', store = '', productionPort = '', candidatePort = '', concurrency = '100'] = process.argv.slice(2)
const inFlight = Number(concurrency) / 2
const flushEveryRows = 1000

const arms = {
  production: armOn(productionPort, models.production),
  candidate: armOn(candidatePort, models.candidate),
}
const instance = await DuckDBInstance.create(store)
const connection = await instance.connect()
await connection.run(`CREATE TABLE pair (
  ordinal INTEGER, question VARCHAR, production_status INTEGER, candidate_status INTEGER, production_ms DOUBLE,
  candidate_ms DOUBLE, production_text VARCHAR, candidate_text VARCHAR, production_stop VARCHAR, candidate_stop VARCHAR,
  production_input INTEGER, candidate_input INTEGER, production_output INTEGER, candidate_output INTEGER,
  similarity DOUBLE)`)
const appender = await connection.createAppender('pair')
let rows = 0

await Promise.all(
  readRequests(log).map(async (request, ordinal) => {
    const [production, candidate] = await Promise.all([
      arms.production.limit(() => arms.production.ask(request)),
      arms.candidate.limit(() => arms.candidate.ask(request)),
    ])
    append(ordinal, request, production, candidate)
  }),
)
appender.closeSync()
connection.closeSync()
instance.closeSync()
await Promise.all([arms.production.pool.close(), arms.candidate.pool.close()])

interface Answered {
  readonly status: number
  readonly ms: number
  readonly text: string
  readonly stop: string
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number }
}

interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string }; readonly finish_reason: string }[]
  readonly usage: Answered['usage']
}

function armOn(port: string, model: string) {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: inFlight })
  const headers = { 'content-type': 'application/json' }
  const ask = async (request: ChatRequest): Promise<Answered> => {
    const body = JSON.stringify({ ...request, model })
    const sentAt = performance.now()
    const response = await pool.request({ method: 'POST', path: '/v1/chat/completions', headers, body })
    const { choices, usage } = (await response.body.json()) as Completion
    const ms = performance.now() - sentAt
    const text = choices[0]?.message.content ?? ''
    return { status: response.statusCode, ms, text, stop: choices[0]?.finish_reason ?? '', usage }
  }
  return { pool, ask, limit: pLimit(inFlight) }
}

function append(ordinal: number, request: ChatRequest, production: Answered, candidate: Answered): void {
  appender.appendInteger(ordinal)
  appender.appendVarchar(request.messages.at(-1)?.content ?? '')
  for (const { status } of [production, candidate]) appender.appendInteger(status)
  for (const { ms } of [production, candidate]) appender.appendDouble(ms)
  for (const { text } of [production, candidate]) appender.appendVarchar(text)
  for (const { stop } of [production, candidate]) appender.appendVarchar(stop)
  for (const { usage } of [production, candidate]) appender.appendInteger(usage.prompt_tokens)
  for (const { usage } of [production, candidate]) appender.appendInteger(usage.completion_tokens)
  appender.appendDouble(dice(production.text, candidate.text))
  appender.endRow()
  rows += 1
  if (rows % flushEveryRows === 0) appender.flushSync()
}

/** Share of words that two texts have in common, as multisets. */
function dice(left: string, right: string): number {
  const [first, second] = [left.split(' '), right.split(' ')]
  const counts = new Map<string, number>()
  for (const word of first) counts.set(word, (counts.get(word) ?? 0) + 1)
  let common = 0
  for (const word of second) {
    const count = counts.get(word) ?? 0
    if (count === 0) continue
    counts.set(word, count - 1)
    common += 1
  }
  return (2 * common) / (first.length + second.length)
}

// What the log says of the requests that a run is to send: what a plan is made of.

import type { Instant } from '../core/types.ts'
import type { Database } from './database.ts'
import { instantOf } from './records.ts'

/** What the log says of some requests: how large they are, what they took then, and who answered. */
export interface RequestFacts {
  readonly records: number
  readonly bodyChars: number
  /** Of the requests whose recorded answer told its tokens. */
  readonly usage: { readonly records: number; readonly input: number; readonly output: number }
  /** Of the requests whose recorded answer told how long it took. */
  readonly timing: { readonly records: number; readonly meanMs: number }
  readonly firstAt: Instant | null
  readonly lastAt: Instant | null
  /** Models by how many of the requests (of the first few hundred) name them, the most frequent first. */
  readonly models: readonly string[]
}

/** Requests whose model is looked at. */
const modelSample = 256

/** Read here: DuckDB's reading of JSON takes several times its length for every row at once. */
async function modelsOf(db: Database, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const places = ids.map((_, index) => `$${index + 1}`).join(', ')
  const rows = await db.all(`SELECT body FROM record WHERE id IN (${places})`, ids)
  const names = rows
    .map(({ body }): unknown => JSON.parse(String(body)).model)
    .filter((name) => typeof name === 'string')
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, all]) => ({ name, count: all.length }))
  return counts.toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)).map(({ name }) => name)
}

export async function factsOfRequests(db: Database, ids: readonly string[]): Promise<RequestFacts> {
  await db.run('CREATE OR REPLACE TEMP TABLE wanted (id VARCHAR)')
  const appender = await db.appender('wanted')
  for (const id of ids) appender.text(id).endRow()
  appender.close()
  const [row] = await db.all(
    // No join: it might hash whole bodies.
    `SELECT count(*) AS records, coalesce(sum(chars), 0) AS chars, count(*) FILTER (input IS NOT NULL) AS told,
       coalesce(sum(input), 0) AS input, coalesce(sum(output), 0) AS output,
       count(total_ms) AS timed, coalesce(avg(total_ms), 0) AS mean_ms,
       epoch_ms(min(captured_at)) AS first_ms, epoch_ms(max(captured_at)) AS last_ms
     FROM (SELECT id, captured_at, length(body) AS chars, (recorded->>'$.usage.input')::BIGINT AS input,
             (recorded->>'$.usage.output')::BIGINT AS output, (recorded_timing->>'$.totalMs')::DOUBLE AS total_ms
           FROM record WHERE id IN (SELECT id FROM wanted))`,
  )
  await db.run('DROP TABLE wanted')
  const number = (name: string) => Number(row?.[name] ?? 0)
  return {
    records: number('records'),
    bodyChars: number('chars'),
    usage: { records: number('told'), input: number('input'), output: number('output') },
    timing: { records: number('timed'), meanMs: number('mean_ms') },
    firstAt: instantOf(row?.['first_ms'] ?? null),
    lastAt: instantOf(row?.['last_ms'] ?? null),
    models: await modelsOf(db, ids.slice(0, modelSample)),
  }
}

/** What the log tells of its own answers: ms and tokens, one number for each record that has one. */
export async function recordedNumbers(
  db: Database,
  ids: readonly string[],
): Promise<{ readonly latencyMs: Float64Array; readonly outputTokens: Float64Array }> {
  const wanted = new Set(ids)
  const [latencyMs, outputTokens]: [number[], number[]] = [[], []]
  const rows = db.stream(
    `SELECT id, (recorded_timing->>'$.totalMs')::DOUBLE AS latency, (recorded->>'$.usage.output')::DOUBLE AS output
     FROM record ORDER BY id`,
  )
  for await (const chunk of rows) {
    for (const { id, latency = null, output = null } of chunk) {
      if (!wanted.has(String(id))) continue
      if (latency !== null) latencyMs.push(Number(latency))
      if (output !== null) outputTokens.push(Number(output))
    }
  }
  return { latencyMs: Float64Array.from(latencyMs), outputTokens: Float64Array.from(outputTokens) }
}

// Reads llmdrift's CSV files, and writes what is made of them.

import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { z } from 'zod'

const csvRow = z.object({
  id: z.string(),
  model: z.string(),
  query: z.string(),
  answer: z.string(),
  reference: z.string().nullable(),
  /** The human label of sensitive questions, `Response Rate`: 1 answered, 0 refused. */
  human: z.string().nullable(),
  seconds: z.number(),
  dollars: z.number(),
  answerTokens: z.int(),
  maxTokens: z.int(),
  at: z.iso.datetime(),
})
/** One row of llmdrift, as the query below gives it. */
export type Row = Readonly<z.infer<typeof csvRow>>

export interface Wanted {
  readonly models: readonly string[]
  /** Whether the file has human labels: only that of the sensitive questions does. */
  readonly isLabelled: boolean
}

/** The rows of some models, in the order of the file. */
export async function readRows(path: string, { models, isLabelled }: Wanted): Promise<Row[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const result = await connection.runAndReadAll(
    `SELECT id, replace(model, 'openaichat/', '') AS model, query, answer,
       ref_answer AS reference, ${isLabelled ? '"Response Rate"' : 'NULL'} AS human,
       latency::DOUBLE AS seconds, cost::DOUBLE AS dollars, answer_token::INT AS "answerTokens",
       max_tokens::INT AS "maxTokens",
       strftime(strptime("timestamp", '%m/%d/%Y, %H:%M:%S'), '%Y-%m-%dT%H:%M:%S.000Z') AS at
     FROM read_csv($1, header = true, all_varchar = true, quote = '"', escape = '"', max_line_size = 10000000)
     WHERE model IN (${models.map((model) => `'openaichat/${model}'`).join(', ')})
     ORDER BY "Unnamed: 0"::INT`,
    [path],
  )
  return z.array(csvRow).parse(result.getRowObjectsJson())
}

/** A count that was worked out of a bill; throws where the bill does not come out even. */
export function whole(value: number, what: string): number {
  if (Math.abs(value - Math.round(value)) > 1e-6) throw new Error(`${what} is not a whole number: ${value}`)
  return Math.round(value)
}

/** Gzipped JSON lines: the same bytes whenever and wherever they are made. */
export function writeLines(path: string, lines: readonly object[]): void {
  const packed = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { level: 9 })
  packed[9] = 0xff // the header names the operating system: "unknown" everywhere. Node already writes mtime 0.
  writeFileSync(path, packed)
}

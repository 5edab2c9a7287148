// A Parquet file → its rows as JSON, a group of rows at a time.

import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { thrownMessage } from '../../core/fault.ts'
import type { Json } from '../../core/types.ts'
import { isTooDeep } from '../redact.ts'
import type { Line } from './lines.ts'
import { DamagedFile } from './open.ts'

/** Rows of one step: what a group holds is in memory as it is, its JSON need not be. */
const stepRows = 1000

/** Throws DamagedFile where the file has no readable end, which says where everything is. A row's number is its line. */
export async function* rowsOfParquet(path: string): AsyncGenerator<readonly Line[], void, void> {
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file, { geoparquet: false }).catch((error: unknown) => {
    throw new DamagedFile(`the file is a Parquet file whose end is missing or damaged: ${reasonOf(error)}`)
  })
  let start = 0
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows)
    const rowSize = Number(group.total_byte_size) / Math.max(1, end - start)
    const rows = await parquetReadObjects({
      file,
      metadata,
      rowStart: start,
      rowEnd: end,
      compressors,
      geoparquet: false,
      parsers: { jsonFromBytes },
    }).catch((error: unknown) => reasonOf(error))
    if (typeof rows === 'string') {
      const reason = `a group of ${end - start} rows cannot be read: ${rows}`
      yield [{ kind: 'broken', line: start + 1, reason, opening: new Uint8Array() }]
    } else {
      for (let at = 0; at < rows.length; at += stepRows) {
        const first = start + at + 1
        yield rows
          .slice(at, at + stepRows)
          .map((row, index) => ({ kind: 'row', line: first + index, json: jsonOf(row), size: rowSize }))
      }
    }
    start = end
  }
}

/** A text that is no JSON, or too deep to walk, stays a text: it would cost its whole group, and formats read texts too. */
function jsonFromBytes(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined) return undefined
  const text = new TextDecoder().decode(bytes)
  try {
    const value: Json = JSON.parse(text)
    return isTooDeep(value) ? text : value
  } catch {
    return text
  }
}

/**
 * What hyparquet makes of a value, as JSON: an instant in ISO 8601, bytes that are no text in base64, a whole number that
 * a double cannot hold as its digits (an id stays the same id), and no field where there is nothing.
 */
function jsonOf(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }
  if (typeof value !== 'object' || value === null) return null
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(jsonOf)
  if (ArrayBuffer.isView(value)) return null
  const fields = Object.entries(value).filter(([, each]) => each !== null && each !== undefined)
  return Object.fromEntries(fields.map(([name, each]) => [name, jsonOf(each)]))
}

function reasonOf(error: unknown): string {
  return thrownMessage(error).slice(0, 120)
}

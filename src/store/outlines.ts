// The records of a run without their bodies, read by columns, since there are many.

import type { Feedback } from '../core/types.ts'
import type { Database, Row } from './database.ts'

/** A record as statistics need it beside its measures. */
export interface Outline {
  readonly id: string
  readonly cluster: string | null
  readonly segments: Readonly<Record<string, string>>
}

/** What users said of the recorded answers, by the record's place in the run: above 0 is liked, below disliked, by the mean. */
export async function opinionsOf(db: Database, runId: string): Promise<Map<number, 'liked' | 'disliked'>> {
  const rows = await db.all(
    `SELECT rr.ordinal, r.feedback FROM run_record rr JOIN record r ON r.id = rr.record_id
     WHERE rr.run_id = $1 AND json_array_length(r.feedback) > 0`,
    [runId],
  )
  const opinions = new Map<number, 'liked' | 'disliked'>()
  for (const { ordinal, feedback } of rows) {
    const given: Feedback[] = JSON.parse(String(feedback))
    const sum = given.reduce((total, { value }) => total + (value ?? 0), 0)
    if (sum !== 0) opinions.set(Number(ordinal), sum > 0 ? 'liked' : 'disliked')
  }
  return opinions
}

/** Who asked what kind of thing, for each record of a run in its order. */
export async function runOutlines(db: Database, runId: string): Promise<Outline[]> {
  const chunks = db.chunks(
    `SELECT rr.ordinal, r.id, r.cluster, r.segments FROM run_record rr JOIN record r ON r.id = rr.record_id
     WHERE rr.run_id = $1`,
    [runId],
  )
  // Records share few mixes of segments.
  const mixes = new Map<string, Readonly<Record<string, string>>>()
  // Put where they belong: DuckDB would hold every text once more to sort them.
  const outlines: Outline[] = []
  for await (const chunk of chunks) {
    const vector = (place: number) => chunk.getColumnVector(place)
    const [ordinals, ids, clusters, segments] = [vector(0), vector(1), vector(2), vector(3)]
    const { rowCount } = chunk
    for (let row = 0; row < rowCount; row++) {
      const [text, cluster] = [String(segments.getItem(row)), clusters.getItem(row)]
      let mix = mixes.get(text)
      if (mix === undefined) {
        mix = JSON.parse(text) as Outline['segments']
        mixes.set(text, mix)
      }
      const id = String(ids.getItem(row))
      outlines[Number(ordinals.getItem(row))] = {
        id,
        cluster: cluster === null ? null : String(cluster),
        segments: mix,
      }
    }
  }
  return outlines
}

/** Ids in a text, and texts that are made at once: DuckDB holds each of them twice. */
const [partSize, partsAtOnce] = [2048, 50]

/**
 * Ids of a run's records by their place. They come as a text for some thousand of them, which is cut where somebody asks: taking
 * each out of DuckDB by itself takes several times as long.
 */
export async function recordIdsOf(db: Database, runId: string): Promise<(ordinal: number) => string> {
  const [last] = await db.all('SELECT coalesce(max(ordinal), -1) AS ordinal FROM run_record WHERE run_id = $1', [runId])
  const rows: Row[] = []
  for (let from = 0; from <= Number(last?.['ordinal']); from += partSize * partsAtOnce)
    rows.push(
      ...(await db.all(
        `SELECT ordinal // ${partSize} AS part, min(ordinal) AS low, max(ordinal) AS high, count(*) AS count,
           string_agg(record_id, chr(10) ORDER BY ordinal) AS ids
         FROM run_record WHERE run_id = $1 AND ordinal >= $2 AND ordinal < $3 GROUP BY part`,
        [runId, from, from + partSize * partsAtOnce],
      )),
    )
  const parts: { readonly low: number; readonly ids: string | readonly string[] }[] = []
  for (const row of rows) {
    const [low, count, ids] = [Number(row['low']), Number(row['count']), String(row['ids'])]
    const isWhole = Number(row['high']) - low + 1 === count && linesIn(ids) === count
    if (!isWhole) return idsOneByOne(db, runId)
    parts[Number(row['part'])] = { low, ids }
  }
  return (ordinal) => {
    const place = Math.floor(ordinal / partSize)
    const part = parts[place]
    if (part === undefined) return ''
    const ids = typeof part.ids === 'string' ? part.ids.split('\n') : part.ids
    if (ids !== part.ids) parts[place] = { ...part, ids }
    return ids[ordinal - part.low] ?? ''
  }
}

function linesIn(text: string): number {
  let lines = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

/** For what no sample of ours looks like: places that are not filled, or ids with a line's end in them. */
async function idsOneByOne(db: Database, runId: string): Promise<(ordinal: number) => string> {
  const rows = await db.all('SELECT ordinal, record_id FROM run_record WHERE run_id = $1', [runId])
  const ids = new Map(rows.map((row) => [Number(row['ordinal']), String(row['record_id'])]))
  return (ordinal) => ids.get(ordinal) ?? ''
}

/** When each request of a run was captured, in milliseconds, in its order; NaN where the log does not say. */
export async function capturedTimesOf(db: Database, runId: string): Promise<Float64Array> {
  const times: number[] = []
  const chunks = db.chunks(
    `SELECT epoch_ms(r.captured_at)::DOUBLE AS ms FROM run_record rr JOIN record r ON r.id = rr.record_id
     WHERE rr.run_id = $1 ORDER BY rr.ordinal`,
    [runId],
  )
  for await (const chunk of chunks) {
    const ms = chunk.getColumnVector(0)
    for (let row = 0; row < chunk.rowCount; row++) times.push(Number(ms.getItem(row) ?? Number.NaN))
  }
  return Float64Array.from(times)
}

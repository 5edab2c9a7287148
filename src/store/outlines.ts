// The records of a run without their bodies, read by columns, since there are many.

import type { Feedback } from '../core/types.ts'
import type { Database } from './database.ts'

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

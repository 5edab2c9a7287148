// What the JSON of a snapshot's run and verdict must be: a history reads those of every run, and one that it can't read would end each night.

import { z } from 'zod'
import { Fault } from '../core/fault.ts'
import type { Database } from './database.ts'
import { fromJson } from './json.ts'

const target = z.looseObject({ baseUrl: z.string(), api: z.string(), model: z.string().nullable() })

const run = z.looseObject({
  id: z.string(),
  startedAt: z.iso.datetime(),
  versions: z.record(z.string(), z.string()),
  dataset: z.looseObject({ records: z.number() }),
  targets: z.looseObject({ production: target, candidate: target }),
})

const judgement = z.looseObject({
  policy: z.looseObject({ rules: z.array(z.looseObject({ metric: z.string() })) }),
  effects: z.array(z.looseObject({})),
  verdict: z.looseObject({
    decision: z.enum(['GO', 'INCONCLUSIVE', 'NO-GO', 'INVALID']),
    findings: z.array(z.looseObject({ rule: z.looseObject({ metric: z.string() }) })),
  }),
})

const shapes = [
  { table: 'run', text: 'SELECT manifest AS text FROM run WHERE id = $1', shape: run },
  { table: 'verdict', text: 'SELECT judgement AS text FROM verdict WHERE run_id = $1', shape: judgement },
] as const

/** Of a run that was just added. `placeOf`: a table's file. Fault: SNAPSHOT_UNREADABLE. */
export async function requireShapes(db: Database, runId: string, placeOf: (table: string) => string): Promise<void> {
  for (const { table, text, shape } of shapes) {
    for (const row of await db.all(text, [runId])) {
      const { error } = shape.safeParse(fromJson(String(row['text'])))
      const [issue] = error?.issues ?? []
      if (issue === undefined) continue
      const message = `the JSON of table ${table} is not as it was written: ${issue.path.join('.')}: ${issue.message}`
      throw new Fault('SNAPSHOT_UNREADABLE', message, { place: placeOf(table) })
    }
  }
}

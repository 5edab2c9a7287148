// What the doctor learns by trying: the logs read into a store that is thrown away, and the real store looked at.

import { existsSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../core/fault.ts'
import type { Instant, JsonObject } from '../../core/types.ts'
import { peekSchema, type SchemaVersions } from '../../store/peek.ts'
import type { RecordedUsage } from '../../store/recorded.ts'
import { openStore, type Store } from '../../store/store.ts'
import { type Traffic } from '../ingest/ingest-words.ts'
import { partsOf, type SizedLog } from '../ingest/log-parts.ts'
import { ingestLogs, requireLogs } from '../ingest.ts'
import { isNothingNew } from '../night/nothing-new.ts'
import { saying } from '../output/progress.ts'
import { type Foreseen, forecastOf } from '../plan/forecast-run.ts'
import { type ProposedSize, sizeFor } from '../plan/proposed-size.ts'
import { drawRecords } from '../sample.ts'
import { type Session, withStore } from '../session/session.ts'
import { heldFault } from '../session/store-holder.ts'
import { temporaryFolder } from '../session/temporary-folder.ts'

export interface LoadedLogs {
  /** The newest first. */
  readonly files: readonly (SizedLog & { readonly modifiedMs: number })[]
  readonly bytes: number
}

export async function loadLogs(session: Session): Promise<LoadedLogs> {
  const files = await Promise.all(
    (await requireLogs(session)).map(async (file) => {
      // Standard input is read once, by the night.
      if (file.path === '-') return { ...file, bytes: 0, modifiedMs: 0 }
      const { size, mtimeMs } = await stat(file.path)
      return { ...file, bytes: size, modifiedMs: mtimeMs }
    }),
  )
  const sorted = files.toSorted((a, b) => b.modifiedMs - a.modifiedMs)
  return { files: sorted, bytes: sorted.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** The ingest would say how many records are new, and here all are: the store is thrown away. */
const studyWords = 'logs     reading them, to look at'

export interface Study {
  readonly traffic: Traffic
  readonly readBytes: number
  readonly ids: readonly string[]
  readonly oldestAt: Instant | null
  readonly newestAt: Instant | null
  readonly size: ProposedSize
  /** Of the log's own answers. */
  readonly usage: RecordedUsage
  /** Of a night with the config's own sample size. */
  readonly foreseen: Foreseen
  /** The shortest request that a night might send. */
  readonly shortest: { readonly id: string; readonly body: JsonObject } | null
}

/** Faults: LOG_UNKNOWN, NO_RECORDS, TEMPORARY_UNWRITABLE, and what a segment of the config that no record has is. */
export async function studyLogs(session: Session, { files }: LoadedLogs): Promise<Study> {
  const folder = temporaryFolder('doctor')
  const store = await openStore(join(folder, 'study.duckdb'))
  const trial: Session = {
    ...session,
    storePath: store.path,
    progress: saying(studyWords, session.progress),
    say: () => {},
    world: { ...session.world, log: () => {} },
  }
  try {
    const parts = await partsOf(
      files.filter(({ path }) => path !== '-'),
      folder,
    )
    const { traffic } = await ingestLogs(trial, store, parts)
    const drawn = await drawRecords(trial, store)
    if (isNothingNew(drawn)) throw new Error('a store without runs has judged none')
    const outlines = await store.recordOutlines()
    const times = outlines.flatMap(({ capturedAt }) => capturedAt ?? []).toSorted()
    return {
      traffic,
      readBytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
      ids: outlines.map(({ id }) => id),
      oldestAt: times[0] ?? null,
      newestAt: times.at(-1) ?? null,
      usage: await store.recordedUsage(),
      size: await sizeFor(trial, store),
      foreseen: await forecastOf(trial, store, drawn.ids),
      shortest: await shortestOf(store, session.targets.production.api),
    }
  } finally {
    store.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function shortestOf(store: Store, api: string): Promise<Study['shortest']> {
  let best: { id: string; body: JsonObject; size: number } | null = null
  for await (const { id, body, api: own } of store.wholeBodies()) {
    if (own !== api) continue
    const size = JSON.stringify(body).length
    if (best === null || size < best.size) best = { id, body, size }
  }
  return best
}

export interface StoredFacts {
  readonly schema: SchemaVersions
  /** null where the next command would have to change the store first: nothing is looked at then. */
  readonly content: { readonly ids: ReadonlySet<string>; readonly judgedRuns: number } | null
}

/** Looks without changing: a store of an older schema stays what it is. */
export async function lookAtStore(session: Session): Promise<StoredFacts | null> {
  const { storePath, world } = session
  if (!existsSync(storePath)) return null
  const schema = await peekSchema(storePath).catch(async (error: unknown) => {
    if (error instanceof Fault && error.code === 'STORE_LOCKED') throw await heldFault(storePath, error, world)
    throw error
  })
  if (schema.version !== schema.newest) return { schema, content: null }
  const content = await withStore(session, async (store) => ({
    ids: new Set((await store.recordOutlines()).map(({ id }) => id)),
    judgedRuns: (await store.judgedRuns(null)).length,
  }))
  return { schema, content }
}

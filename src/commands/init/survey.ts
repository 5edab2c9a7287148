// What a log is about, read into a store that is thrown away: calls, models, times, and how large a night has to be.

import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Forecast } from '../../sample/forecast.ts'
import type { RecordedUsage } from '../../store/recorded.ts'
import { openStore, type Store } from '../../store/store.ts'
import type { Invocation } from '../command.ts'
import type { Traffic } from '../ingest/ingest-words.ts'
import { partsOf } from '../ingest/log-parts.ts'
import { ingestLogs } from '../ingest.ts'
import { isNothingNew } from '../night/nothing-new.ts'
import { createProgress, saying } from '../output/progress.ts'
import { forecastOf } from '../plan/forecast-run.ts'
import { mostSize, type ProposedSize, sizeFor, unknownSize } from '../plan/proposed-size.ts'
import { drawRecords } from '../sample.ts'
import { openSession, type Session } from '../session/session.ts'
import { temporaryFolder } from '../session/temporary-folder.ts'
import type { World } from '../world.ts'
import type { FoundLog } from './found-logs.ts'
import { guessTarget, type TargetGuess } from './guess-target.ts'
import { type Times, timesOf } from './times.ts'

export interface Survey {
  readonly formats: readonly string[]
  readonly traffic: Traffic
  /** Replayable records by API, the most frequent first. */
  readonly apis: readonly { readonly api: string; readonly records: number }[]
  /** Of the proposed API, the most frequent first. */
  readonly models: readonly string[]
  readonly times: Times | null
  /** Of the log's own answers. */
  readonly usage: RecordedUsage
  /** Segment keys, and how many values each has. */
  readonly segments: readonly { readonly key: string; readonly values: number }[]
  readonly target: TargetGuess
  readonly size: ProposedSize
  /** Of a night of that size. */
  readonly forecast: Forecast | null
  /** Bytes of the logs that were read, and of all that were found. */
  readonly read: { readonly bytes: number; readonly ofBytes: number }
}

/** Fault: TEMPORARY_UNWRITABLE. */
export async function survey(world: World, invocation: Invocation, logs: readonly FoundLog[]): Promise<Survey> {
  const folder = temporaryFolder('init')
  try {
    return await surveyIn(folder, { world, invocation, logs })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Asked {
  readonly world: World
  readonly invocation: Invocation
  readonly logs: readonly FoundLog[]
}

async function surveyIn(folder: string, { world, invocation, logs }: Asked): Promise<Survey> {
  const parts = await partsOf(
    logs.map(({ path, bytes }) => ({ path: join(world.cwd, path), name: path, format: null, bytes })),
    folder,
  )
  const opened = async (target: TargetGuess, size: number) => {
    const config = {
      store: join(folder, 'survey.duckdb'),
      logs: parts.map(({ path }) => ({ path })),
      sample: { size },
      targets: {
        production: { api: target.api, baseUrl: target.baseUrl, model: target.model },
        candidate: { api: target.api, baseUrl: target.baseUrl, model: 'another' },
      },
    }
    await writeFile(join(folder, 'shadowgate.yaml'), stringify(config))
    return quietSession(world, invocation, folder)
  }
  const first = await opened(guessTarget({ api: 'openai-chat', model: null, formats: [] }), mostSize)
  const store = await openStore(first.storePath)
  try {
    const { traffic, files: summaries } = await ingestLogs(first, store, parts)
    const outlines = await store.recordOutlines()
    const whole = outlines.filter(({ fidelity }) => fidelity === 'full')
    const apis = countedBy(whole.map(({ api }) => api)).map(([api, records]) => ({ api, records }))
    const api = apis[0]?.api ?? 'openai-chat'
    const ids = whole.filter((each) => each.api === api).map(({ id }) => id)
    const { models } = await store.factsOfRequests(ids)
    const formats = [...new Set(summaries.flatMap(({ format }) => format ?? []))]
    const target = guessTarget({ api, model: models[0] ?? null, formats })
    const size = ids.length === 0 ? unknownSize : await sizeFor(await opened(target, mostSize), store)
    return {
      formats,
      traffic,
      apis,
      models,
      times: timesOf(outlines.flatMap(({ capturedAt }) => capturedAt ?? [])),
      usage: await store.recordedUsage(),
      segments: segmentsOf(outlines),
      target,
      size,
      forecast: ids.length === 0 ? null : await forecastFor(await opened(target, size.size), store),
      read: { bytes: sum(parts.map(({ bytes }) => bytes)), ofBytes: sum(logs.map(({ bytes }) => bytes)) },
    }
  } finally {
    store.close()
  }
}

/** The same as a command has, but nothing of the user's environment points it elsewhere, and it says nothing. */
function quietSession(world: World, invocation: Invocation, folder: string): Session {
  const env = Object.fromEntries(Object.entries(world.env).filter(([name]) => !name.startsWith('SHADOWGATE_')))
  const silent: World = { ...world, cwd: folder, env, log: () => {} }
  const plain: Invocation = { ...invocation, config: 'shadowgate.yaml', settings: {}, own: {} }
  return {
    ...openSession(silent, plain, { sends: false }),
    progress: saying('logs     reading them, to look at', createProgress(world, invocation.isQuiet)),
    say: () => {},
  }
}

async function forecastFor(session: Session, store: Store): Promise<Forecast | null> {
  const drawn = await drawRecords(session, store)
  return isNothingNew(drawn) ? null : (await forecastOf(session, store, drawn.ids)).forecast
}

function countedBy(words: readonly string[]): [string, number][] {
  return [...Map.groupBy(words, (word) => word)]
    .map(([word, all]): [string, number] => [word, all.length])
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}

/** A key with a value for nearly each record is a name, no segment. */
const mostValues = 30

function segmentsOf(outlines: readonly { readonly segments: Readonly<Record<string, string>> }[]): Survey['segments'] {
  const values = new Map<string, Set<string>>()
  for (const { segments } of outlines) {
    for (const [key, value] of Object.entries(segments)) values.set(key, (values.get(key) ?? new Set()).add(value))
  }
  return [...values]
    .map(([key, all]) => ({ key, values: all.size }))
    .filter((each) => each.values > 1 && each.values <= mostValues)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

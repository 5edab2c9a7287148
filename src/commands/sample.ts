// `shadowgate sample`: draws the records of a new run.

import { createHash } from 'node:crypto'
import { Fault } from '../core/fault.ts'
import type { Run } from '../core/judgement.ts'
import { planRecords } from '../replay/plan.ts'
import { count } from '../report/format.ts'
import { inBatches } from '../sample/forecast.ts'
import { drawNight } from '../sample/night.ts'
import type { Sample } from '../sample/sample.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { requireSegmentKeys, segmentKeysOf } from './gate/segment-keys.ts'
import { counted } from './ingest/ingest-words.ts'
import { isNothingNew, lastRunOf, type NothingNew, sayNothingNew } from './night/nothing-new.ts'
import { fingerprintOf, newRunId } from './run/run-id.ts'
import { openSession, type Session, withStore } from './session/session.ts'

export const sample = {
  examples: ['shadowgate sample', 'shadowgate sample --sample-size 500 --sample-seed 7'],
  settings: ['store', 'sample', 'replay.noise'],
  flags: [],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: true })
    const planned = await withStore(session, (store) => planRun(session, store))
    if (isNothingNew(planned)) return sayNothingNew(session, planned)
    const { run } = planned
    world.stdout(invocation.isJson ? JSON.stringify({ run: run.id, dataset: run.dataset }) : run.id)
    return 0
  },
} satisfies Command

export interface Drawn extends Pick<Sample, 'leftOut'> {
  /** In the order of replay. */
  readonly ids: readonly string[]
  /** Records that no judged run had before it. */
  readonly fresh: number
}

/** Draws a sample, unless nothing came since the run that it goes on from. Faults: NO_RECORDS; BAD_CONFIG and BAD_POLICY for segments that no record has. */
export async function drawRecords(session: Session, store: Store): Promise<Drawn | NothingNew> {
  const { config } = session
  const outlines = await store.recordOutlines()
  requireSegmentKeys(outlines, config.sample.stratify, { code: 'BAD_CONFIG', place: `${session.file} sample.stratify` })
  requireSegmentKeys(outlines, segmentKeysOf(session.policy), { code: 'BAD_POLICY', place: `${session.file} gate` })
  const { api } = session.targets.production
  const last = await lastRunOf(session, store)
  const drawn = drawNight(outlines, { ...config.sample, api, since: last?.number ?? null })
  const { duplicate, fidelity, api: foreign } = drawn.leftOut
  if (last !== null && drawn.fresh === 0) {
    const { number: _number, ...nothingNewSince } = last
    return { nothingNewSince }
  }
  if (drawn.ids.length === 0) {
    throw new Fault(
      'NO_RECORDS',
      `the store holds no record that can be replayed (${duplicate} recur, ${fidelity} are incomplete, ${foreign} are in another API than ${api})`,
      {
        place: session.storePath,
        ...(foreign > 0 ? { hint: `set \`api\` of both targets to ${apisOf(outlines).join(' or ')}` } : {}),
      },
    )
  }
  const ids = config.replay.pace === 'open' ? inArrivalOrder(drawn.ids, outlines, session) : drawn.ids
  return { ids, leftOut: drawn.leftOut, fresh: drawn.fresh }
}

/** Draws a sample and stores it as a run in which nothing was sent yet. Faults: those of `drawRecords`. */
export async function planRun(session: Session, store: Store): Promise<StoredRun | NothingNew> {
  const { config, world, written } = session
  const drawn = await drawRecords(session, store)
  if (isNothingNew(drawn)) return drawn
  const startedAt = new Date(world.clock.now()).toISOString()
  const run: Run = {
    id: newRunId(startedAt),
    schema: 1,
    startedAt,
    finishedAt: null,
    seed: config.sample.seed,
    versions: { ...world.versions, duckdb: await store.duckdbVersion() },
    dataset: {
      sha256: createHash('sha256').update(drawn.ids.toSorted().join('\n')).digest('hex'),
      records: drawn.ids.length,
    },
    sample: drawn.leftOut,
    targets: config.replay.lane === 'batch' ? discounted(session.targets) : session.targets,
    noise: config.replay.noise,
    replay: {
      pace: config.replay.pace,
      timeScale: config.replay.timeScale,
      lane: config.replay.lane,
      salted: config.replay.salt,
    },
    stopped: null,
    settings: written,
    notes: config.notes,
  }
  const planned: StoredRun = { run, status: 'planned', fingerprint: fingerprintOf(session) }
  await store.createRun(planned, planRecords(drawn.ids, { noise: config.replay.noise, seed: run.seed }))
  const old = drawn.ids.length - drawn.fresh
  session.say(`sample   ${drawnWords(drawn.ids.length, old, drawn.leftOut)} · run ${run.id}`)
  return planned
}

/** `old`: those that an earlier run has judged. */
export function drawnWords(records: number, old: number, leftOut: Sample['leftOut']): string {
  const { duplicate, fidelity, size, api: foreign } = leftOut
  const reasons = [
    `${count(duplicate)} recur`,
    `${count(fidelity)} incomplete`,
    `${count(foreign)} in another API`,
    `${count(size)} beyond sample.size`,
  ].filter((words) => !words.startsWith('0 '))
  const before = old > 0 ? `, ${count(old)} of them judged before` : ''
  return `${counted(records, 'record')}${before}${reasons.length > 0 ? ` (left out: ${reasons.join(', ')})` : ''}`
}

/** A run keeps the prices that it is paid at, so that whatever counts its cost counts right. */
function discounted({ production, candidate }: Run['targets']): Run['targets'] {
  return { production: inBatches(production), candidate: inBatches(candidate) }
}

/** An open loop sends when the log says. Fault: BAD_CONFIG where the log does not say. */
function inArrivalOrder(
  ids: readonly string[],
  outlines: readonly { readonly id: string; readonly capturedAt: string | null }[],
  session: Session,
): string[] {
  const times = new Map(outlines.map(({ id, capturedAt }) => [id, capturedAt]))
  const without = ids.filter((id) => !times.get(id)).length
  if (without > 0) {
    throw new Fault(
      'BAD_CONFIG',
      `an open loop needs the time of each request; ${without} of ${ids.length} have none`,
      {
        place: `${session.file} replay.pace`,
        hint: 'pace: closed sends the next request when one has ended',
      },
    )
  }
  return ids.toSorted((a, b) => ((times.get(a) ?? '') < (times.get(b) ?? '') ? -1 : 1))
}

function apisOf(outlines: readonly { readonly api: string }[]): string[] {
  return [...new Set(outlines.map(({ api }) => api))]
}

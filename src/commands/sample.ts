// `shadowgate sample`: draws the records of a new run.

import { createHash } from 'node:crypto'
import { Fault } from '../core/fault.ts'
import type { Run } from '../core/judgement.ts'
import { planRecords } from '../replay/plan.ts'
import { drawSample } from '../sample/sample.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { fingerprintOf, newRunId } from './run-id.ts'
import { requireSegmentKeys, segmentKeysOf } from './segment-keys.ts'
import { openSession, type Session, withStore } from './session.ts'

export const sample = {
  examples: ['shadowgate sample', 'shadowgate sample --sample-size 500 --sample-seed 7'],
  settings: ['store', 'sample', 'replay.noise'],
  flags: [],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: true })
    const { run } = await withStore(session, (store) => planRun(session, store))
    world.stdout(invocation.isJson ? JSON.stringify({ run: run.id, dataset: run.dataset }) : run.id)
    return 0
  },
} satisfies Command

/** Draws a sample and stores it as a run in which nothing was sent yet. Fault: NO_RECORDS. */
export async function planRun(session: Session, store: Store): Promise<StoredRun> {
  const { config, world, written } = session
  const outlines = await store.recordOutlines()
  requireSegmentKeys(outlines, config.sample.stratify, { code: 'BAD_CONFIG', place: `${session.file} sample.stratify` })
  requireSegmentKeys(outlines, segmentKeysOf(session.policy), { code: 'BAD_POLICY', place: `${session.file} gate` })
  const { api } = session.targets.production
  const drawn = drawSample(outlines, { ...config.sample, api })
  const { duplicate, fidelity, size, api: foreign } = drawn.leftOut
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
    targets: session.targets,
    noise: config.replay.noise,
    settings: written,
    notes: config.notes,
  }
  const planned: StoredRun = { run, status: 'planned', fingerprint: fingerprintOf(session) }
  await store.createRun(planned, planRecords(drawn.ids, { noise: config.replay.noise, seed: run.seed }))
  const leftOut = [
    `${duplicate} recur`,
    `${fidelity} incomplete`,
    `${foreign} in another API`,
    `${size} beyond sample.size`,
  ].filter((words) => !words.startsWith('0 '))
  session.say(
    `sample   ${drawn.ids.length} records${leftOut.length > 0 ? ` (left out: ${leftOut.join(', ')})` : ''} · run ${run.id}`,
  )
  return planned
}

function apisOf(outlines: readonly { readonly api: string }[]): string[] {
  return [...new Set(outlines.map(({ api }) => api))]
}

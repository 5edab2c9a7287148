// `shadowgate audit`: the gate put to the test on the team's own stored pairs, without a request.

import { Fault } from '../core/fault.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { type Audit, auditRun } from './audit/audit-run.ts'
import { auditText, conclusionOf } from './audit/audit-text.ts'
import type { Command } from './command.ts'
import { surroundingsOf } from './gate/judgement.ts'
import { requireSegmentKeys, segmentKeysOf } from './gate/segment-keys.ts'
import { requireAttempts } from './run/removed.ts'
import { exitZeroFlag, requireRun, runFlag } from './run/stored-run.ts'
import { openSession, requireStore, type Session, stopIfAsked, withStore } from './session/session.ts'

export const audit = {
  statuses: '0 sound, and sees what was planted   1 blocks an unchanged model too often   2 would miss something',
  examples: ['shadowgate audit', 'shadowgate audit --audit-draws 1000 --audit-pairs 500', 'shadowgate audit --json'],
  settings: ['store', 'gate', 'audit'],
  flags: [runFlag, exitZeroFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireStore(session)
    const found = await withStore(session, async (store) =>
      auditStored(session, store, await requireRun(session, store)),
    )
    const conclusion = conclusionOf(found)
    world.stdout(invocation.isJson ? JSON.stringify({ ...found, ...conclusion }) : auditText(found, conclusion))
    return invocation.own['exit-zero'] ? 0 : conclusion.status
  },
} satisfies Command

/** Fault: NO_RUN where nothing was scored. */
async function auditStored(session: Session, store: Store, stored: StoredRun): Promise<Audit> {
  const { policy, config } = session
  await requireAttempts(session, store, stored.run.id)
  const measures = await store.measuresOf(stored.run.id)
  if (measures.length === 0) {
    const hint = 'shadowgate run replays and measures one'
    throw new Fault('NO_RUN', `run ${stored.run.id} was not scored`, { place: session.storePath, hint })
  }
  const around = await surroundingsOf(store, stored)
  requireSegmentKeys(around.records, segmentKeysOf(policy), { code: 'BAD_POLICY', place: `${session.file} gate` })
  const { draws, seed, pairs = around.records.length } = config.audit
  let done = 0
  return session.progress.during(
    () => `audit    ${draws} draws of ${pairs} pairs · ${Math.round(done * 100)} %`,
    () =>
      auditRun({
        ...around,
        measures,
        policy,
        metrics: session.metrics,
        draws,
        pairs,
        seed,
        onProgress: (share) => {
          done = share
          stopIfAsked(session)
        },
      }),
  )
}

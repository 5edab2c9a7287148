// `shadowgate verify`: computes a stored verdict again, from the attempts on, and says whether it is the same to the byte.

import { createHash } from 'node:crypto'
import { Fault } from '../core/fault.ts'
import { day } from '../report/format.ts'
import { gatherColumns } from '../score/gather.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { judgementText } from '../store/verdicts.ts'
import type { Command } from './command.ts'
import { judge, surroundingsOf } from './gate/judgement.ts'
import { metricsOf } from './gate/metrics-of.ts'
import { requireAttempts } from './run/removed.ts'
import { requireRun, runFlag } from './run/stored-run.ts'
import { type Measuring, measured } from './score.ts'
import { openSession, requireStore, type Session, withStore } from './session/session.ts'

export const verify = {
  examples: ['shadowgate verify', 'shadowgate verify --run 20261123-023000-1f3c --json'],
  settings: ['store'],
  flags: [runFlag],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    requireStore(session)
    const verified = await withStore(session, async (store) =>
      verifyRun(session, store, await requireRun(session, store)),
    )
    const { run, decision, sha256, isSame } = verified
    if (isSame) {
      const text = `${decision}, run ${run}: the same to the byte, computed again from ${sourceWords(verified)} (sha256 ${sha256})`
      world.stdout(invocation.isJson ? JSON.stringify(verified) : text)
      return 0
    }
    throw new Fault('VERDICT_DIFFERS', `run ${run} does not come to its stored verdict: ${verified.why}`, {
      place: session.storePath,
    })
  },
} satisfies Command

function sourceWords({ from, textsRemovedAt }: Verified): string {
  if (from === 'attempts' || textsRemovedAt === null) return 'the attempts'
  return `what was measured: the texts of the answers were removed by retention on ${day(textsRemovedAt)}`
}

interface Verified {
  readonly run: string
  /** What it was computed from: measures where the texts of attempts are gone. */
  readonly from: 'attempts' | 'measures'
  readonly textsRemovedAt: string | null
  readonly decision: string
  /** Of the judgement as it is stored: policy, effects and verdict. */
  readonly sha256: string
  readonly isSame: boolean
  /** What differs; null where nothing does. */
  readonly why: string | null
}

/** Faults: NO_RUN where the run was not judged, REMOVED where nothing is left to compute it from. */
async function verifyRun(session: Session, store: Store, stored: StoredRun): Promise<Verified> {
  const { run } = stored
  const kept = await store.judgementOf(run.id)
  if (kept === null) throw new Fault('NO_RUN', `run ${run.id} was not judged`, { place: session.storePath })
  await requireAttempts(session, store, run.id)
  const { texts: textsRemovedAt } = await store.removedOf(run.id)
  const metrics = metricsOf(kept.policy, session.folder)
  const measures =
    textsRemovedAt === null
      ? await measuredAgain(session, store, stored, {
          metrics,
          judge: kept.policy.judge,
          drift: kept.verdict.drift !== undefined,
        })
      : await store.measuresOf(run.id)
  // By the policy of then, not by the config of now.
  const around = await surroundingsOf(store, stored)
  const again = judge({ ...around, measures, policy: kept.policy, metrics })
  const [before, after] = [judgementText(kept), judgementText(again)]
  const sha256 = createHash('sha256').update(before).digest('hex')
  const isSame = before === after
  const why = isSame ? null : differenceOf(before, after)
  const from = textsRemovedAt === null ? 'attempts' : 'measures'
  return { run: run.id, from, textsRemovedAt, decision: kept.verdict.decision, sha256, isSame, why }
}

async function measuredAgain(session: Session, store: Store, stored: StoredRun, measuring: Measuring) {
  const gathering = gatherColumns()
  for await (const rows of await measured(session, store, stored, measuring)) gathering.add(rows)
  return gathering.columns()
}

/** The first place where two JSON texts part, with a little around it. */
function differenceOf(before: string, after: string): string {
  let at = 0
  while (at < before.length && before[at] === after[at]) at++
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 40)
  return `stored …${around(before)}…, computed …${around(after)}…`
}

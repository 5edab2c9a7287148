// `shadowgate verify`: computes a stored verdict again, from the attempts on, and says whether it is the same to the byte.

import { createHash } from 'node:crypto'
import { Fault } from '../core/fault.ts'
import { gatherColumns } from '../score/gather.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { judgementText } from '../store/verdicts.ts'
import type { Command } from './command.ts'
import { judge, surroundingsOf } from './judgement.ts'
import { metricsOf } from './metrics-of.ts'
import { measured } from './score.ts'
import { openSession, requireStore, type Session, withStore } from './session.ts'
import { requireRun, runFlag } from './stored-run.ts'

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
      const text = `${decision}, run ${run}: the same to the byte, computed again from the attempts (sha256 ${sha256})`
      world.stdout(invocation.isJson ? JSON.stringify(verified) : text)
      return 0
    }
    throw new Fault('VERDICT_DIFFERS', `run ${run} does not come to its stored verdict: ${verified.why}`, {
      place: session.storePath,
    })
  },
} satisfies Command

interface Verified {
  readonly run: string
  readonly decision: string
  /** Of the judgement as it is stored: policy, effects and verdict. */
  readonly sha256: string
  readonly isSame: boolean
  /** What differs; null where nothing does. */
  readonly why: string | null
}

/** Fault: NO_RUN where the run was not judged. */
async function verifyRun(session: Session, store: Store, stored: StoredRun): Promise<Verified> {
  const { run } = stored
  const kept = await store.judgementOf(run.id)
  if (kept === null) throw new Fault('NO_RUN', `run ${run.id} was not judged`, { place: session.storePath })
  const gathering = gatherColumns()
  const metrics = metricsOf(kept.policy, session.folder)
  for await (const rows of await measured(session, store, stored, { metrics, judge: kept.policy.judge }))
    gathering.add(rows)
  // By the policy of then, not by the config of now.
  const around = await surroundingsOf(store, stored)
  const again = judge({ ...around, measures: gathering.columns(), policy: kept.policy, metrics })
  const [before, after] = [judgementText(kept), judgementText(again)]
  const sha256 = createHash('sha256').update(before).digest('hex')
  const isSame = before === after
  const why = isSame ? null : differenceOf(before, after)
  return { run: run.id, decision: kept.verdict.decision, sha256, isSame, why }
}

/** The first place where two JSON texts part, with a little around it. */
function differenceOf(before: string, after: string): string {
  let at = 0
  while (at < before.length && before[at] === after[at]) at++
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 40)
  return `stored …${around(before)}…, computed …${around(after)}…`
}

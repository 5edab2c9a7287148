// What the live lane sends, made from a stored run: each record's remaining calls, ready for the wire.

import { type Arm, type AskedForm, arms, type JsonObject } from '../../core/types.ts'
import { providerNamed, providerServedBy } from '../../providers/index.ts'
import type { ArmOrder } from '../../replay/orders.ts'
import { dueMsOf } from '../../replay/pace.ts'
import { conversationOf, remainingTrials, type Unit, warmUpTrial } from '../../replay/plan.ts'
import { saltOf } from '../../replay/salt.ts'
import { type WiringOptions, wired } from '../../replay/wire.ts'
import type { PlannedRequest, StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import type { Session } from '../session/session.ts'

/** What is left of a run, and when its first request was captured. */
export interface Left {
  readonly calls: number
  readonly firstAt: string | null
  /** By `callKey`. */
  readonly done: ReadonlySet<string>
}

export interface UnitSource {
  /** What is left of a record; null where nothing is. */
  readonly of: (planned: PlannedRequest) => { readonly unit: Unit; readonly asked: AskedForm | null } | null
  /** The run's last requests, asked for nothing but to have connections and compilers warm, in a prompt cache of their own. */
  readonly warmUp: (count: number) => Promise<Unit[]>
}

export function unitSource(
  session: Session,
  { store, stored, orders, left }: { store: Store; stored: StoredRun; orders: Record<Arm, ArmOrder>; left: Left },
): UnitSource {
  const { run } = stored
  const wiring = wiringOf(session, stored, orders)
  const readsRequests = session.metrics.some(({ readsRequest }) => readsRequest)
  const timeScale = run.replay.pace === 'open' ? run.replay.timeScale : null
  return {
    of: (planned) => {
      const { recordId, ordinal, cluster, capturedAt } = planned
      const trials = remainingTrials(planned, run.seed, left)
      if (trials.length === 0) return null
      const body: JsonObject = JSON.parse(planned.body)
      const dueMs = timeScale === null ? null : dueMsOf(capturedAt, { first: left.firstAt, timeScale })
      const conversation = conversationOf(cluster)
      const unit = { recordId, ordinal, conversation, trials: wired(trials, body, wiring), dueMs }
      return { unit, asked: readsRequests ? providerNamed(planned.api).asked(body) : null }
    },
    warmUp: async (count) => {
      const last = Array.from({ length: count }, (_, index) => run.dataset.records - 1 - index)
      const records = await store.recordsOf(
        run.id,
        last.filter((place) => place >= 0),
      )
      return [...records].map(([ordinal, { id: recordId, body }]) => {
        const calls = arms.map((arm, position) => ({ recordId, ordinal, arm, trial: warmUpTrial, position }))
        const trials = wired([{ number: warmUpTrial, calls }], body, wiring)
        return { recordId, ordinal, conversation: null, trials, dueMs: null }
      })
    },
  }
}

function wiringOf(session: Session, { run }: StoredRun, orders: Record<Arm, ArmOrder>): WiringOptions {
  const armOf = (arm: Arm) => {
    const { api, vendor, model, rename, overrides } = orders[arm].target
    return { provider: providerServedBy(api, vendor), model, rename, overrides }
  }
  const saltsOf = (arm: Arm) => [0, 1, warmUpTrial].map((trial) => saltOf(run.id, arm, trial))
  const salts = { production: saltsOf('production'), candidate: saltsOf('candidate') }
  return {
    arms: { production: armOf('production'), candidate: armOf('candidate') },
    saltOf: (arm, trial) => (run.replay.salted ? (salts[arm][trial] ?? null) : null),
    stream: session.config.replay.stream,
  }
}

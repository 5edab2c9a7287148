// How a ramp begins, or goes on where it stood: by its journal, an offline GO, or somebody's word.

import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Keeper } from '../../../canary/ramp/keeper.ts'
import { standingRollback } from '../../../canary/ramp/ramp.ts'
import { Fault } from '../../../core/fault.ts'
import type { Actor, Permit, RampEvent } from '../../../core/rollout.ts'
import { reviewerOf } from '../../review/reviewer.ts'
import type { Session } from '../../session/session.ts'
import { fingerprintOf } from './fingerprint.ts'
import { lostRollout } from './lost-journal.ts'
import { verdictPathOf } from './newest-verdict.ts'
import { permitOf } from './permit.ts'

/** Goes on with what the journal has, or begins: by an offline GO, or by somebody's word. Faults: NO_PERMIT, BAD_CONFIG. */
export function openRamp(session: Session, keeper: Keeper, events: readonly RampEvent[]): void {
  const { config, invocation, world, folder } = session
  const { mode, stages } = config.canary
  const state = keeper.state()
  const fingerprint = fingerprintOf(session)
  const by: Actor = { kind: 'person', name: reviewerOf(undefined, world.env, folder) }
  if (state.fingerprint === fingerprint && state.phase !== 'closed' && !invocation.own['restart']) {
    goOn(session, keeper, by)
    return
  }
  const rollback = standingRollback(events, fingerprint)
  const hasWord = invocation.own['restart'] === true || typeof invocation.own['override'] === 'string'
  if (mode !== 'shadow' && rollback !== null && !hasWord) {
    throw new Fault('NO_PERMIT', `this candidate was rolled back at ${rollback.at}: ${rollback.because}`, {
      hint: 'shadowgate serve --restart lets it serve again, and the journal says who did; not for the command line of a service',
    })
  }
  // In shadow, too: with an opening in the journal, nobody would ask for the rest of it any more.
  const lost = hasWord ? null : lostRollout(session, events)
  if (lost !== null) {
    throw new Fault('NO_PERMIT', `the journal knows nothing ${lost}: it may have been rolled back`, {
      place: resolve(folder, config.canary.journal),
      hint: 'put the journal back, or begin anew with shadowgate serve --restart, and the journal says who did',
    })
  }
  keeper.open({ by, mode, fingerprint, stages, permit: permitFor(session) })
}

/** Where it stood, by the stages that the config has now. */
function goOn({ config, file }: Session, keeper: Keeper, by: Actor): void {
  const { stages } = config.canary
  const before = keeper.state().stages
  if (isDeepStrictEqual(before, stages)) return
  const [was, is] = [JSON.stringify(before), JSON.stringify(stages)]
  const changes = [{ setting: 'canary.stages', before: was, after: is }]
  const trouble = keeper.reconfigure({ by, stages, changes })
  if (trouble === null) return
  throw new Fault('BAD_CONFIG', trouble, {
    place: `${file} canary.stages`,
    hint: 'put the stages back, or begin anew with shadowgate serve --restart',
  })
}

function permitFor(session: Session): Permit {
  const { invocation, config, targets, policy, world } = session
  const { override } = invocation.own
  if (typeof override === 'string') return { kind: 'override', because: override }
  const { mode, permit } = config.canary
  // Nobody is served by the candidate in shadow.
  if (mode === 'shadow') return { kind: 'override', because: 'shadow serves nobody by the candidate' }
  const { maxAgeHours } = permit
  const found = permitOf({ path: verdictPathOf(session), targets, policy, maxAgeHours, nowMs: world.clock.now() })
  // Another server of the same model is no other candidate: it may come and go under traffic. But nobody has judged its answers.
  const unjudged = config.canary.moreTargets.candidate.map(({ baseUrl }) => baseUrl)
  return { ...found, ...(unjudged.length > 0 && { unjudged }) }
}

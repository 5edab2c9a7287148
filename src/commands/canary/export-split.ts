// `shadowgate ramp export`: the split as it stands, as config for a gateway that can split by itself. It asks no router.

import { resolve } from 'node:path'
import { buckets } from '../../canary/dealing/bucket.ts'
import { splitOf } from '../../canary/dealing/split.ts'
import type { Gateway, GatewaySplit } from '../../canary/gateways/gateway.ts'
import { type GatewayName, gateways } from '../../canary/gateways/index.ts'
import { closedRamp, rampOf } from '../../canary/ramp/ramp.ts'
import { Fault } from '../../core/fault.ts'
import { nearest } from '../../core/nearest.ts'
import type { RampState } from '../../core/rollout.ts'
import { percent } from '../../report/format.ts'
import type { Session } from '../session/session.ts'
import { fingerprintOf } from './journal/fingerprint.ts'
import { readJournal } from './journal/journal-file.ts'

/** Standard output is the config alone, so that it can be piped. Faults: USAGE, JOURNAL_UNUSABLE. */
export function exportSplit(session: Session, wanted: string | boolean | undefined): void {
  const { world, invocation } = session
  const name = nameIn(wanted)
  const gateway: Gateway = gateways[name]
  const split = splitFor(session)
  const config = gateway.config(split)
  const remarks = [`shadowgate, for ${gateway.title}: ${split.standing}`, ...gateway.remarks(split)]
  if (invocation.isJson) {
    world.stdout(JSON.stringify({ for: name, share: split.candidate / buckets, config, remarks }))
    return
  }
  if (!gateway.takesComments) for (const remark of remarks) session.say(remark)
  const comments = gateway.takesComments ? remarks.map((remark) => `# ${remark}\n`).join('') : ''
  world.stdout((comments + config).trimEnd())
}

function nameIn(wanted: string | boolean | undefined): GatewayName {
  const names = Object.keys(gateways) as GatewayName[]
  const found = names.find((each) => each === wanted)
  if (found !== undefined) return found
  const known = `there is ${names.join(', ')}`
  if (typeof wanted !== 'string') throw new Fault('USAGE', `export for which gateway? --for: ${known}`)
  const near = nearest(wanted, names)
  throw new Fault('USAGE', `no gateway called "${wanted}"; ${known}`, near === null ? {} : { hint: `--for ${near}` })
}

function splitFor(session: Session): GatewaySplit {
  const { targets, config } = session
  const told = rampOf(readJournal(resolve(session.folder, config.canary.journal)).events)
  // The share of another candidate, or of another plan, is not this one's.
  const isOther = told.phase !== 'closed' && told.fingerprint !== fingerprintOf(session)
  const state = isOther ? closedRamp : told
  const { candidate } = splitOf(state)
  return {
    mode: state.phase === 'closed' ? config.canary.mode : state.mode,
    candidate,
    model: config.canary.model ?? targets.production.model,
    targets,
    standing: `${percent(candidate / buckets)} of requests on the candidate; ${standingOf(state, isOther)}`,
  }
}

function standingOf({ phase, mode, stage, stages, since }: RampState, isOther: boolean): string {
  if (isOther) return 'the journal is of another rollout than the config, and this one is not open'
  if (phase === 'closed') return 'nobody opened the ramp yet'
  const words = phase === 'open' ? mode : phase
  return `${words}${phase === 'open' && stage >= 0 ? `, stage ${stage + 1} of ${stages.length}` : ''}, since ${since}`
}

// A change of the ramp in one sentence, as the router says it when it happens and the history afterwards.

import { buckets } from '../../../canary/dealing/bucket.ts'
import { splitOf } from '../../../canary/dealing/split.ts'
import type { Actor, Evaluation, Permit, RampEvent, RampState } from '../../../core/rollout.ts'
import { oneLine } from '../../../core/visible-text.ts'
import { count, counted } from '../../../report/format.ts'

/** `state` is the one after the event. */
export function eventWords(event: RampEvent, state: RampState): string {
  const share = `${exactShare(splitOf(state).candidate / buckets)} of users`
  const by = event.by.kind === 'ramp' ? '' : ` by ${actorName(event.by)}`
  const because = 'because' in event ? `: ${oneLine(event.because)}` : ''
  const place = `stage ${state.stage + 1} of ${state.stages.length}, ${share}`
  switch (event.kind) {
    case 'opened': {
      const stages = event.mode === 'canary' ? `, ${sharesWords(event.stages.map((stage) => stage.share))}` : ''
      return `opened${by}: ${event.mode}${stages}; ${permitWords(event.permit)}`
    }
    case 'advanced':
      return `advanced${by} to ${place}${because}${evidenceWords(event.evaluation)}`
    case 'held':
      return `held${by} at ${place}${because}`
    case 'released':
      return `released${by}${because}`
    case 'rolled-back':
      return `rolled back${by}, everybody is on production${because}${evidenceWords(event.evaluation)}`
    case 'flipped':
      return `flipped${by}, everybody is on ${event.to === 'candidate' ? 'the candidate' : 'production'}${because}`
    case 'completed':
      return `completed${by}, everybody is on the candidate${because}${evidenceWords(event.evaluation)}`
    case 'forgotten':
      return `evidence${state.stage < 0 ? '' : ' of this stage'} begins again${because}`
    case 'reconfigured':
      return `reconfigured${by}: ${event.changes.map(({ setting }) => setting).join(', ')}`
    case 'drilled':
      return drillWords(event)
    default:
      return event satisfies never
  }
}

function drillWords({ by, fault, share, isOver, because }: Extract<RampEvent, { kind: 'drilled' }>): string {
  const what = `${oneLine(fault)}, ${exactShare(share)} of the candidate's answers`
  return `${isOver ? 'a drill ended' : 'a drill began'} by ${actorName(by)}: ${what}: ${oneLine(because)}`
}

export function actorName(by: Actor): string {
  return by.kind === 'person' ? oneLine(by.name) : 'the ramp itself'
}

/** Shares of the ramp are exact to a bucket: none is rounded away. */
export function exactShare(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`
}

function sharesWords(shares: readonly number[]): string {
  return `${shares.map((share) => exactShare(share).replace(' %', '')).join(' → ')} %`
}

function permitWords(permit: Permit): string {
  if (permit.kind === 'override') return `no verdict was asked for: ${oneLine(permit.because)}`
  const { runId, sha256, unjudged = [] } = permit
  const beside = unjudged.length === 0 ? '' : `; it did not judge ${unjudged.join(', ')} (canary.moreTargets)`
  return `by the GO of run ${runId} (verdict.json ${sha256.slice(0, 12)})${beside}`
}

function evidenceWords(evaluation: Evaluation | null): string {
  if (evaluation === null) return ' (no comparison yet)'
  const { users, decision, unread = 0 } = evaluation
  const left = unread === 0 ? '' : `; ${counted(unread, 'request')} of this router's time not compared`
  return ` (${decision}, ${count(users.candidate)} against ${count(users.control)} users${left})`
}

// How a rollout stands, for people: the state first, then why it is not further on, then what it was seen to do.

import { minute } from '../../../core/instant-words.ts'
import { swapWords } from '../../../core/model-name.ts'
import type { Evaluation } from '../../../core/rollout.ts'
import type { Instant } from '../../../core/types.ts'
import { oneLine } from '../../../core/visible-text.ts'
import { count, counted, percent, span } from '../../../report/format.ts'
import { actorName, exactShare } from './event-words.ts'
import { loadLines } from './load.ts'
import { ruleLines } from './rule-lines.ts'
import type { RolloutStatus } from './status.ts'

/** Several lines; `nowMs` for how long ago things were. */
export function statusText(status: RolloutStatus, nowMs: number): string {
  const { evaluation } = status
  return [
    `${headOf(status).padEnd(8)} ${standing(status, nowMs)}`,
    ...rampLine(status),
    ...(status.phase === 'closed' ? [] : [`models   ${modelsOf(status)}`]),
    ...changeLine(status),
    ...heldLine(status),
    ...waitLine(status),
    ...status.forecast.map((line) => `takes    ${line}`),
    ...(evaluation === null || status.mode === 'blue-green'
      ? verdictToCome(status)
      : evaluationLines(evaluation, nowMs)),
    ...trafficLines(status, nowMs),
    ...guardLine(status),
    ...loadLines(status.load),
  ].join('\n')
}

/** One line, for a log. */
export function statusLine(status: RolloutStatus, nowMs: number): string {
  const { evaluation, waitingFor, held } = status
  const parts = [
    `${headOf(status)}  ${standing(status, nowMs)}`,
    ...(held === null ? [] : [`held by ${actorName(held.by)}`]),
    ...(evaluation === null ? [] : [evaluation.decision]),
    ...(status.phase === 'open' && waitingFor !== null ? [`waits for ${waitingFor}`] : []),
    counted(status.traffic.requests, 'request'),
  ]
  return parts.join('; ')
}

function headOf({ phase, mode }: RolloutStatus): string {
  return phase === 'open' ? mode : phase
}

function standing({ share, stage, stages, since }: RolloutStatus, nowMs: number): string {
  const place = stage > 0 ? `, stage ${stage} of ${stages}` : ''
  return `${exactShare(share)} of users on the candidate${place}${sinceWords(since, nowMs)}`
}

function sinceWords(since: Instant, nowMs: number): string {
  return since === '' ? '' : `, since ${minute(since)} (${span(Math.max(0, nowMs - Date.parse(since)))})`
}

function rampLine({ phase, mode, stage, shares, controlShare }: RolloutStatus): string[] {
  if (phase !== 'open' || mode !== 'canary') return []
  const steps = shares.map((share, i) => {
    const text = exactShare(share).replace(' %', '')
    return i === stage - 1 ? `[${text}]` : text
  })
  const control = controlShare === 0 ? 'no control is left' : `the control is ${exactShare(controlShare)} of users`
  return [`ramp     ${steps.join(' → ')} %; ${control}`]
}

function modelsOf({ models }: RolloutStatus): string {
  const { production, candidate } = models
  return swapWords({ production: { model: production }, candidate: { model: candidate } })
}

/** Who holds it is said by a line of its own. */
function changeLine({ lastChange, held }: RolloutStatus): string[] {
  return lastChange === null || held !== null ? [] : [`change   ${lastChange.words}`]
}

function heldLine({ held }: RolloutStatus): string[] {
  if (held === null) return []
  const { since, by, because } = held
  return [
    `held     since ${minute(since)} by ${actorName(by)}: ${oneLine(because)}`,
    '         shadowgate ramp release lets it go on; a NO-GO rolls it back all the same',
  ]
}

function waitLine(status: RolloutStatus): string[] {
  const { phase, mode, held, waitingFor, stageRequests, stageMinRequests } = status
  if (phase !== 'open') return endLine(status)
  if (mode !== 'canary') return []
  const seen = `${count(stageRequests)} of ${counted(stageMinRequests, 'request')} in this stage`
  if (held !== null) return [`waits    for whoever holds it (${seen})`]
  return [
    `waits    for ${waitingFor === null ? 'a GO: it has had its time' : `${waitingFor}, then for a GO`} (${seen})`,
  ]
}

function endLine({ phase }: RolloutStatus): string[] {
  if (phase === 'rolled-back') {
    return ['next     shadowgate ramp history has the reason; shadowgate serve --restart begins again, by a GO']
  }
  return phase === 'complete' ? ['next     make the candidate production in the config, once you are sure of it'] : []
}

function verdictToCome({ phase, mode }: RolloutStatus): string[] {
  if (phase !== 'open') return []
  return [
    mode === 'blue-green'
      ? 'verdict  none: everybody is on one arm, and there is nobody to compare with'
      : 'verdict  none yet',
  ]
}

function evaluationLines(evaluation: Evaluation, nowMs: number): string[] {
  const { at, decision, because, users, requests, rules, isBehind = false } = evaluation
  const groups = (of: typeof users) => `${count(of.candidate)} against ${count(of.control)}`
  const ago = span(Math.max(0, nowMs - Date.parse(at)))
  return [
    `verdict  ${decision}  ${oneLine(because)}`,
    `         ${groups(users)} users with ${groups(requests)} requests, ${ago} ago`,
    ...(isBehind ? ['         more was served and is not read yet: this may roll back, and raises nothing'] : []),
    ...ruleLines(rules ?? []),
  ]
}

function trafficLines({ traffic, unread, unlogged, leftOut }: RolloutStatus, nowMs: number): string[] {
  const { requests, ofUsers, withoutKey, overrides, notOfIt, fallbacks, lastAtMs, startedAtMs } = traffic
  const start = `since the router began ${span(Math.max(0, nowMs - startedAtMs))} ago`
  if (lastAtMs === null) return [`requests none ${start}`]
  const groups = Object.entries(ofUsers).map(([group, number]) => `${group} ${count(number)}`)
  const apart = [
    [withoutKey, 'without a key'],
    [overrides, 'by a tester’s header'],
    [notOfIt, 'not of the rollout'],
  ] as const
  const words = apart.filter(([number]) => number > 0).map(([number, what]) => `${count(number)} ${what}`)
  const losses = [
    [fallbacks, 'that the candidate failed were answered by production'],
    [leftOut, 'were not copied, for lack of room'],
    [unread, 'were served and not compared, for lack of time'],
    [unlogged, 'lines of the log were lost, for lack of room'],
  ] as const
  return [
    `requests ${count(requests)} ${start}, the last ${span(Math.max(0, nowMs - lastAtMs))} ago`,
    `         ${groups.join(', ')}${words.length === 0 ? '' : `; ${words.join(', ')}`}`,
    ...losses.filter(([number]) => number > 0).map(([number, what]) => `         ${count(number)} ${what}`),
  ]
}

function guardLine({ share, guards }: RolloutStatus): string[] {
  if (share === 0) return []
  const { looked, failed, inARow, errorRate, consecutive } = guards
  const ofLast =
    looked === 0 ? 'the candidate was not asked' : `${count(failed)} of the candidate's last ${count(looked)} failed`
  return [`guards   ${ofLast} (${percent(errorRate)} may), ${count(inARow)} in a row (below ${count(consecutive)})`]
}

// Looking at a run while it goes on: what each look decides, and when nothing is left to wait for.

import type { Evidence, Finding, LookTaken, Policy } from '../core/judgement.ts'
import { type Look, planLooks } from '../stats/sequential-looks.ts'
import { findEvidence } from './evidence.ts'
import { conclude, isBlocking, isMoot, stageOf, weigh } from './find.ts'
import { subjectOf } from './words.ts'

/** How large a run is to be, and whether it ended before, for a reason that has nothing to do with what it showed. */
export interface RunSize {
  readonly planned: number
  readonly endsAt: number | null
}

/** Fewer pairs than this are not looked at: no rule could be decided. */
const minimumAtLook = 100

/**
 * The looks of a run of this size, or null where it is judged once. Passing spends the policy's alpha, since all blocking
 * rules have to pass; failing spends it divided by `blocking`, since any of them may fail (Holm's first step).
 */
export function looksOf(policy: Policy, { planned, endsAt }: RunSize, blocking = blockingRules(policy).length) {
  if (policy.looks === null || planned === 0 || blocking === 0) return null
  const { rates } = policy.looks
  const planAt = (alphaOneSided: number) =>
    planLooks({
      nMax: planned,
      blocking,
      informationRates: rates,
      minimum: minimumAtLook,
      alphaOneSided,
      endsAt: endsAt ?? undefined,
    })
  const looks = planAt(1 - policy.level)
  if (looks.length <= 1) return null
  const passing = policy.nights === undefined ? looks : planAt(alphaPassOf(policy))
  return looks.map((look, place) => ({ ...look, alphaPass: passing[place]?.alphaPass ?? 0 }))
}

/**
 * One-sided: what a run may err by when it says that a rule holds. Over several nights the policy's rate is divided (Bonferroni), so
 * that all of them together keep it under any dependence; a rule that is broken is told at the whole rate every night.
 */
export function alphaPassOf({ level, nights = 1 }: Pick<Policy, 'level' | 'nights'>): number {
  return (1 - level) / nights
}

export function blockingRules(policy: Policy) {
  return policy.rules.filter((rule) => isBlocking(rule, stageOf(policy)))
}

/** What is known after some looks. */
export interface Looked {
  readonly taken: readonly LookTaken[]
  /** By subject: blocking rules that are decided, as they were found then. The first crossing counts, whatever comes later. */
  readonly decided: ReadonlyMap<string, Finding>
  /** Nothing that is still to come would change the decision. */
  readonly isOver: boolean
}

export const notLooked: Looked = { taken: [], decided: new Map(), isOver: false }

/**
 * Takes one look at the blocking rules that are still open. `evidence` is of the first `look.n` records of the plan. (The library's
 * look holds limits against one margin; rules also fail on any difference, in both directions, or for want of pairs.)
 */
export function takeLook(looked: Looked, look: Look, evidence: readonly Evidence[], policy: Policy): Looked {
  const rules = blockingRules(policy)
  const before = looked.decided
  const decided = new Map(before)
  const number = looked.taken.length + 1
  for (const rule of rules) {
    const subject = subjectOf(rule.metric, rule.segment)
    if (decided.has(subject) || look.alphaPass === 0) continue
    const weighed = weigh(rule, findEvidence(evidence, rule.metric, rule.segment), look.alphaPass)
    const hasFailed = weighed.pFail < look.alphaFail
    if (!hasFailed && !weighed.passes) continue
    decided.set(subject, conclude(weighed, { hasFailed, alpha: look.alphaPass, look: number }))
  }
  // What no request has asked for yet leaves nothing to wait for; it is weighed again at the next look, if there is one.
  const open = rules.filter(
    ({ metric, segment }) =>
      !decided.has(subjectOf(metric, segment)) && !isMoot(findEvidence(evidence, metric, segment)),
  )
  const now = [...decided].filter(([subject]) => !before.has(subject))
  const taken = {
    records: look.n,
    alphaPass: look.alphaPass,
    alphaFail: look.alphaFail,
    decided: Object.fromEntries(
      now.map(([subject, { outcome }]) => [subject, outcome === 'fail' ? 'fail' : 'pass'] as const),
    ),
    open: open.length,
  }
  const hasFailed = [...decided.values()].some(({ outcome }) => outcome === 'fail')
  const isOver = (taken.open === 0 && decided.size > 0) || (hasFailed && policy.looks?.failFast === true)
  return { taken: [...looked.taken, taken], decided, isOver }
}

// The sentences of the first screen: what decided, by how much, and how sure that is, in words that need no tool to be known.

import type { Effect, Finding, Rule } from '../../core/judgement.ts'
import { inSegment } from '../../core/segment-words.ts'
import { changeWords, count, counted, levelWords, valueIn, withoutZeros } from '../format.ts'
import { sentence } from '../text.ts'
import { metricTitle } from '../words.ts'
import { isDeciding, type Judged } from './findings.ts'
import { forestRow, limitOf } from './forest.ts'

export interface Lead {
  /** "Text similarity fell by 85.6 pp, from 91.6 % to 5.9 %; the rule allows 10 pp." */
  readonly what: string
  /** "It fell by at least 84.5 pp: 95 % sure." null where nothing was measured. */
  readonly sure: string | null
  /** "3 more blocking rules are broken too." null where there are none. */
  readonly more: string | null
}

type Measured = Finding & { readonly effect: Effect }

/** null where the decision rests on no finding: then its own sentence says all. */
export function leadOf(judged: Judged): Lead | null {
  const { decision } = judged.verdict
  if (decision === 'INVALID') return null
  const own = judged.verdict.findings.filter((finding) => isGround(finding, judged))
  const measured = own.filter((finding): finding is Measured => finding.effect !== null)
  const [first] = measured.toSorted((a, b) => prominence(b, decision) - prominence(a, decision))
  if (first === undefined) return null
  const confidence = levelWords((1 + first.effect.interval.level) / 2)
  const needs = own.map(({ morePairs }) => morePairs?.atEstimate ?? null)
  const need = needs.includes(null) ? null : Math.max(...needs.map(Number))
  return { ...wordsOf(first, { decision, confidence, need }), more: moreWords(own.length - 1, decision) }
}

/** What the decision rests on: GO on every blocking rule that was shown to hold. */
function isGround(finding: Finding, judged: Judged): boolean {
  if (judged.verdict.decision !== 'GO') return isDeciding(finding, judged)
  const { rule, outcome } = finding
  return rule.severity === 'block' && rule.stage === 'replay' && rule.segment === null && outcome === 'pass'
}

/** Rules for all records before those of a segment; of those what lies furthest beyond its limit, or, for a GO, nearest to it. */
function prominence({ rule, effect }: Measured, decision: string): number {
  const { low, high, estimate } = forestRow(rule, effect)
  const place = decision === 'NO-GO' ? low : decision === 'GO' ? high : estimate
  return Math.max(-1e6, Math.min(1e6, place)) + (rule.segment === null ? 1e7 : 0)
}

interface Telling {
  readonly decision: string
  /** Of a one-sided limit: "95 %". */
  readonly confidence: string
  /** About so many more pairs would decide every open rule; null where that can't be said of all. */
  readonly need: number | null
}

function wordsOf({ rule, effect }: Measured, { decision, confidence, need }: Telling): Omit<Lead, 'more'> {
  const { low, high } = effect.interval
  const words = changeWords(effect, [effect.estimate, low, high])
  const allowed = decision === 'NO-GO' ? brokenWords(rule, effect) : allowedWords(rule, effect)
  const subject = inSegment(metricTitle(rule.metric), rule.segment)
  const seen = `${subject} ${movedWords(effect, effect.estimate)}, from ${valueIn(effect.unit, effect.production)} to ${valueIn(effect.unit, effect.candidate)}`
  // The limit of the interval that lies nearer to no change, and the one further to the worse.
  const isWorseUp = effect.better === 'lower'
  const [near, far] = isWorseUp ? [low, high] : [high, low]
  if (decision === 'NO-GO') {
    const isTwoSided = rule.mode === 'either-way' || rule.mode === 'both-ways'
    const least = isTwoSided && isBetter(effect, effect.estimate) ? far : near
    const sure = `At ${confidence} confidence it ${movedWords(effect, least, 'at least ')}.`
    return { what: sentence(`${seen}; ${allowed}.`), sure: sentence(sure) }
  }
  if (decision === 'GO') {
    const bound = Number.isFinite(far) ? words(far) : 'not bounded'
    const what = `${seen}; ${allowed}, and no blocking rule came nearer to its limit.`
    return { what: sentence(what), sure: sentence(`At ${confidence} confidence it is not worse than ${bound}.`) }
  }
  const decided = need === null ? '' : ` About ${counted(need, 'more pair')} would decide.`
  return {
    what: sentence(`${seen}; ${allowed}, and that could neither be shown to be kept nor to be broken.`),
    sure: sentence(
      `With ${count(effect.pairs)} pairs it may lie anywhere from ${words(low)} to ${words(high)}.${decided}`,
    ),
  }
}

function isBetter(effect: Effect, value: number): boolean {
  const neutral = effect.scale === 'ratio' ? 1 : 0
  return effect.better === 'lower' ? value < neutral : value > neutral
}

/** "fell by 85.6 pp", "rose by 23.1 %", "is 2.9 times as large". */
function movedWords(effect: Effect, value: number, bound: 'at least ' | '' = ''): string {
  if (effect.scale === 'ratio' && value >= 2.5) {
    return `is ${bound}${withoutZeros(changeWords(effect, [value])(value)).replace('×', '')} times as large`
  }
  const neutral = effect.scale === 'ratio' ? 1 : 0
  if (value === neutral) return 'did not move'
  // A fall is told in percent, however deep: "fell by 97.3 %".
  const words = changeWords(effect, [])
  return `${value < neutral ? 'fell' : 'rose'} by ${bound}${words(value).replace(/^[−+]/, '')}`
}

/** What was broken: a rule that fails whatever is shown worse is not broken by its margin. */
function brokenWords(rule: Rule, effect: Effect): string {
  if (rule.mode === 'difference') return 'the rule allows nothing that is shown to be worse'
  return rule.mode === 'either-way' ? 'the rule allows no change that is shown' : allowedWords(rule, effect)
}

/** "the rule allows 10 pp": how much worse the candidate may be. */
function allowedWords(rule: Rule, effect: Effect): string {
  const words = withoutZeros(changeWords(effect, [])(limitOf(rule, effect))).replace(/^[−+]/, '')
  const isTwoSided = rule.mode === 'either-way' || rule.mode === 'both-ways'
  return `the rule allows ${words}${isTwoSided ? ' either way' : ''}`
}

function moreWords(others: number, decision: string): string | null {
  if (others <= 0) return null
  const rules = counted(others, 'more blocking rule')
  if (decision === 'GO') return sentence(`${rules} ${others === 1 ? 'is' : 'are'} shown to hold as well.`)
  if (decision === 'NO-GO') return sentence(`${rules} ${others === 1 ? 'is' : 'are'} broken too.`)
  return sentence(`${rules} ${others === 1 ? 'is' : 'are'} open as well.`)
}

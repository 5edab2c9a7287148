// Whether production still answers as the log has it: evidence + margins → what to say of drift. It decides nothing by itself.

import type { Drift, DriftFinding, DriftOutcome, DriftPolicy } from '../core/drift.ts'
import type { Effect, Evidence, Finding, Rule } from '../core/judgement.ts'
import { conclude, weigh } from './find.ts'
import { stepDown } from './step-down.ts'
import { absences, change, count, inSentence, range, spoken } from './words.ts'

/** What is known of the comparison beside its evidence. */
export interface DriftFacts {
  /** Records whose recorded answer was compared. */
  readonly records: number
  /** Records of the run of which it was not, by reason. */
  readonly leftOut: Readonly<Record<string, number>>
  /** How alike the log's answers and production's of now are, on average; null where none were compared. */
  readonly similarity: number | null
}

/**
 * If production did not change, the log's answer R and its answers of now A₁, A₂ to one request are exchangeable given the request, so
 * E[(s(R, A₁) + s(R, A₂))/2 − s(A₁, A₂)] = 0 whatever the temperature, and so is E[f(A₁) − f(R)] for every kind of answer f. Both are
 * paired tests over records, by conversation. The first needs production's second answer, the second does not. Two answers of now are
 * no fewer than it takes: the log's cannot be asked for a second, so there is no energy form, and a production that only became
 * steadier looks closer to its log than it is to itself, which hides a change as `symmetrisedExcess` says. Holm over all metrics at
 * `alpha`, one-sided.
 */
export function judgeDrift(
  evidence: readonly Evidence[],
  { margins }: Pick<DriftPolicy, 'margins'>,
  facts: DriftFacts,
  alpha: number,
): Drift {
  const weighed = evidence.flatMap((own) => {
    const margin = margins[own.metric]
    return margin === undefined ? [] : [weigh(ruleOf(own.metric, margin), own, alpha)]
  })
  const isBeyond = stepDown(
    weighed.map(({ pFail }) => pFail),
    (tests) => alpha / tests,
  )
  const findings = weighed.map((each, place): DriftFinding => {
    const found = conclude(each, { hasFailed: isBeyond[place] === true, alpha, look: null })
    const { rule, effect, outcome } = found
    const because = effect === null || each.obstacle ? unmeasured(found, facts) : seen({ ...found, effect })
    return { metric: rule.metric, margin: rule.margin, effect, outcome, p: each.pFail, because }
  })
  const outcome = outcomeOf(findings)
  const { records, leftOut } = facts
  return { outcome, because: becauseOf(outcome, findings, facts), findings, records, leftOut }
}

/** What the test cannot tell from another model. */
const lookalikes =
  'Other sampling settings than the log has, a prompt that a gateway adds, a cache, or a log that cut or reworked its answers would look the same.'

/** No fresh answer could be so near: it hides a change of the same size. */
const closer =
  ' That is more alike than chance makes it, as where one of both is steadier than the other or comes from a cache.'

/** Less alike is the one way for texts to drift; kinds and lengths may in both. */
function ruleOf(metric: string, margin: number): Rule {
  const mode = metric === 'text-similarity' ? 'worse' : 'both-ways'
  return { metric, segment: null, margin, severity: 'warn', mode, stage: 'replay' }
}

function outcomeOf(findings: readonly DriftFinding[]): DriftOutcome {
  if (findings.some(({ outcome }) => outcome === 'fail')) return 'drifted'
  const texts = findings.find(({ metric }) => metric === 'text-similarity')
  if (texts === undefined || texts.effect === null) return 'not-evaluable'
  const isSteady = findings.every(({ outcome }) => outcome === 'pass' || outcome === 'not-evaluable')
  return isSteady && texts.outcome === 'pass' ? 'steady' : 'unclear'
}

function becauseOf(outcome: DriftOutcome, findings: readonly DriftFinding[], facts: DriftFacts): string {
  const left = Object.keys(facts.leftOut).length === 0 ? '' : ` (left out: ${absences(facts.leftOut, 'record')})`
  const compared = `${count(facts.records, 'recorded answer')} could be compared${left}`
  const texts = findings.find(({ metric }) => metric === 'text-similarity')?.because ?? ''
  switch (outcome) {
    case 'drifted': {
      const shown = findings.filter((each) => each.outcome === 'fail').map(({ because }) => because.replace(/\.$/, ''))
      return `Production no longer answers as the log has it: ${shown.join('; ')}. ${sentence(compared)} ${lookalikes}`
    }
    case 'steady':
      return `Production answers as the log has it: ${texts} ${sentence(compared)}`
    case 'unclear':
      return `Whether production still answers as the log has it can't be told: ${texts} ${sentence(compared)}`
    case 'not-evaluable':
      return `Whether production still answers as the log has it can't be judged: ${texts}`
    default:
      return outcome satisfies never
  }
}

function seen({ rule: { metric }, effect }: Finding & { readonly effect: Effect }): string {
  const name = spoken(metric, null)
  if (metric === 'text-similarity') {
    const { production, candidate } = effect
    return `the log's answers are ${percent(candidate)} like those of now, which are ${percent(production)} like each other: ${change(effect, effect.estimate)}, ${range(effect)}.${effect.interval.low > 0 ? closer : ''}`
  }
  const both =
    effect.unit === 'share'
      ? `${percent(effect.production)} of the log's answers and ${percent(effect.candidate)} of those of now`
      : `${amount(effect.production)} ${effect.unit} in the log and ${amount(effect.candidate)} now`
  return `${inSentence(name)}: ${both}: ${change(effect, effect.estimate)}, ${range(effect)}.`
}

function unmeasured({ rule: { metric }, because }: Finding, { similarity }: DriftFacts): string {
  if (metric !== 'text-similarity' || similarity === null || !because.includes('asked twice')) return because
  return `the log's answers are ${percent(similarity)} like those of now, and how alike two answers of now are nobody knows, since production was not asked twice (replay.noise).`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function amount(number: number): string {
  return Math.round(number).toLocaleString('en-US')
}

// The decision in the user's words: why it is what it is, and what to do next.

import type { Decision, Finding, Rule, Stage } from '../core/judgement.ts'
import { mustPass } from './find.ts'
import { count, subjectOf } from './words.ts'

interface Grounds {
  readonly stage: Stage
  readonly findings: readonly Finding[]
  /** Those of the policy's own rules. */
  readonly overall: readonly Finding[]
  readonly invalid: readonly string[]
  /** Of changes that reviewers called regressions, a sentence each. */
  readonly regressions: readonly string[]
  /** Of what they accepted; empty where that is nothing. */
  readonly accepted: string
}

/** The sentence that explains the decision. */
export function becauseOf(decision: Decision, grounds: Grounds): string {
  const { stage, findings, overall, invalid, regressions, accepted } = grounds
  switch (decision) {
    case 'INVALID':
      return `The run can't be judged: ${invalid.join(' ')}`
    case 'NO-GO': {
      const broken = blockingNames(findings, stage, (outcome) => outcome === 'fail')
      const rules = broken.length === 0 ? [] : [`The candidate is shown to break ${list(broken, 'blocking rule')}.`]
      return [...rules, ...mostOf(regressions)].join(' ')
    }
    case 'GO':
      return `The candidate is shown to keep ${list(
        blockingNames(overall, stage, (outcome) => outcome === 'pass'),
        'blocking rule',
      )}. ${accepted}`.trimEnd()
    case 'INCONCLUSIVE': {
      const open = blockingNames(overall, stage, (outcome) => outcome !== 'pass')
      return open.length === 0
        ? 'No blocking rule was judged, and a gate without rules opens for nobody.'
        : `${brokenBeside(findings, stage)} is shown to be broken, but ${list(open, 'blocking rule')} could not be shown to hold. ${accepted}`.trimEnd()
    }
    default:
      return decision satisfies never
  }
}

/** What else is broken comes first: answers may have collapsed while a cache is what keeps the decision open. */
function brokenBeside(findings: readonly Finding[], stage: Stage): string {
  const failed = findings
    .filter((finding) => hasFailedBeside(finding, stage))
    .map(({ rule }) => subjectOf(rule.metric, rule.segment))
  if (failed.length === 0) return 'Nothing'
  return `The candidate fails ${list(failed, 'rule to investigate by', 'rules to investigate by')}. No blocking rule`
}

/** A rule that does not decide, and is shown to be broken. */
export function hasFailedBeside({ rule, outcome }: Finding, stage: Stage): boolean {
  return rule.severity === 'investigate' && rule.stage === stage && outcome === 'fail'
}

/** So many sentences are read; all of them stand among the reviews. */
const maxRegressions = 3

function mostOf(regressions: readonly string[]): string[] {
  const left = regressions.length - maxRegressions
  const more =
    left > 0 ? [`Reviewers called ${count(left, 'more change')} ${left === 1 ? 'a regression' : 'regressions'}.`] : []
  return [...regressions.slice(0, maxRegressions), ...more]
}

function blockingNames(
  findings: readonly Finding[],
  stage: Stage,
  isWanted: (outcome: Finding['outcome']) => boolean,
): string[] {
  return findings
    .filter((finding) => mustPass(finding, stage) && isWanted(finding.outcome))
    .map(({ rule }) => subjectOf(rule.metric, rule.segment))
}

interface Way {
  readonly stage: Stage
  /** Whether a rule is about what a batch has not. */
  readonly isInBatches: (rule: Rule) => boolean
  /** Whether looking along the way has spent the error rate: more pairs on top would be a second test. */
  readonly isSpent: boolean
  /** Whether nothing but a reviewer's word stands against the candidate. */
  readonly isRefusedAlone: boolean
  /** Whether rules that do not decide are broken. */
  readonly hasMoreToSee: boolean
}

/** What to do next. */
export function nextOf(decision: Decision, overall: readonly Finding[], way: Way): string {
  switch (decision) {
    case 'GO':
      return overall.some((finding) => finding.rule.stage === 'canary')
        ? 'Open the canary (shadowgate serve); the rules that need users are decided there.'
        : 'Open the canary (shadowgate serve).'
    case 'NO-GO':
      if (way.isRefusedAlone)
        return 'Keep production until the candidate no longer changes so, or its reviewer decides otherwise (shadowgate review).'
      return 'Keep production. Look at the worst pairs in the report, mend the candidate, and run the gate again.'
    case 'INCONCLUSIVE':
      if (!overall.some((finding) => mustPass(finding, way.stage)))
        return 'Give the config a blocking rule (gate.rules).'
      return `${way.hasMoreToSee ? 'Look at the worst pairs in the report. ' : ''}${inconclusiveNext(
        overall.filter((finding) => mustPass(finding, way.stage) && finding.outcome !== 'pass'),
        way,
      )}`
    case 'INVALID':
      return 'Mend what is named above and replay again; this run proves nothing either way.'
    default:
      return decision satisfies never
  }
}

function inconclusiveNext(open: readonly Finding[], { isInBatches, isSpent }: Way): string {
  const unmeasured = open.filter(({ outcome }) => outcome === 'not-evaluable')
  const [first] = unmeasured
  if (!first) {
    const more = Math.max(...open.map(({ morePairs }) => morePairs?.atEstimate ?? Infinity))
    const many = Number.isFinite(more) ? `about ${count(more, 'more record')}` : 'more records'
    return isSpent
      ? `Begin a new run with ${many} (sample.size): this one's error rate is spent.`
      : `Replay ${many} (sample.size), then run the gate again.`
  }
  const timed = unmeasured.map(({ rule }) => rule).filter((rule) => rule.segment === null && isInBatches(rule))
  if (timed.length > 0) {
    const rules = timed.map(({ metric }) => `{ metric: ${metric}, severity: off }`).join(', ')
    return `Leave latency to a run with replay.lane: live, or turn its rules off in the config, knowingly: gate.rules: [${rules}].`
  }
  const off = `gate.rules: [{ metric: ${first.rule.metric}, severity: off }]`
  return `Have ${first.rule.metric} reported, or turn its rule off in the config, knowingly: ${off}.`
}

/** A GO that waits for a person. */
export function heldNext(reasons: readonly Finding[], isAnotherProduction = false): string {
  const names = [
    ...(isAnotherProduction ? ['drift of production'] : []),
    ...reasons.map(({ rule }) => subjectOf(rule.metric, rule.segment)),
  ]
  return `Hold the canary until a person has looked into ${list(names, 'finding')}.`
}

function list(names: readonly string[], noun: string, nouns = `${noun}s`): string {
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} more`] : names
  return `${names.length} ${names.length === 1 ? noun : nouns}: ${shown.join(', ')}`
}

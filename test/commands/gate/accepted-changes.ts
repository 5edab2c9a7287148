// Runs made by chance for tests: production with noise of its own, one change that somebody may accept, and another beside it.

import type { Judged } from '../../../src/commands/gate/judged.ts'
import type { Policy, Rule } from '../../../src/core/judgement.ts'
import type { Random } from '../../../src/core/random.ts'
import type { Review, ReviewDecision } from '../../../src/core/review.ts'
import { rolloutPolicy } from '../../../src/gate/policy.ts'
import { clusterId } from '../../../src/score/changes/group.ts'
import { type ChangeKindName, changeKinds } from '../../../src/score/changes/kinds.ts'
import { columnsOf } from '../../score/calls.ts'
import { partsOf } from '../../score/tables.ts'
import { runOf } from '../../support/nouns.ts'

export const now = '2026-11-26T02:30:00.000Z'
export const run = runOf('reviewed')
export const swap = { production: run.targets.production.model, candidate: run.targets.candidate.model }

/** Of records that alternate between the segments `first` and `second`. */
export interface Made {
  readonly records: number
  /** How often two answers of one model differ, in words or in refusing. */
  readonly noise: number
  /** How often the candidate changes in each segment beyond that. */
  readonly first: number
  readonly second: number
}

export function review(kind: ChangeKindName, segment: string | null, decision: ReviewDecision = 'accept'): Review {
  const named = segment === null ? null : { key: 's', value: segment }
  return {
    about: { kind: 'cluster', id: clusterId({ kind, segment: named, template: null }) },
    swap,
    decision,
    reason: 'as it should be',
    reviewer: 'Ann',
    at: '2026-11-25T09:00:00.000Z',
    expires: null,
    words: `s=${segment} · ${kind}`,
  }
}

export function policyOf(rule: Partial<Rule>, list: readonly Review[]): Policy {
  const own = rolloutPolicy.rules.find(({ metric }) => metric === rule.metric)
  const rules: readonly Rule[] = own === undefined ? [] : [{ ...own, severity: 'block', ...rule }]
  const policy = { ...rolloutPolicy, rules, segments: ['s'], looks: null }
  return list.length === 0 ? policy : { ...policy, reviews: { at: now, list } }
}

const bitOf = (kind: ChangeKindName) => 1 << (changeKinds.find(({ name }) => name === kind)?.bit ?? 0)

/** An answer: a wording of the common content, or another content. */
type Answer = 'common' | `odd ${number}` | 'collapsed' | 'rewritten'

function likeness(one: Answer, other: Answer): number {
  if (one === other) return 1
  if (one === 'collapsed' || other === 'collapsed') return 0.05
  return one === 'rewritten' || other === 'rewritten' ? 0.3 : 0.6
}

function kindBetween(one: Answer, other: Answer): ChangeKindName | null {
  if (one === other) return null
  return other === 'collapsed' || other === 'rewritten' ? other : 'reworded'
}

/** Both arms answer twice: the candidate collapses in the first segment and rewrites in the second; all are worded oddly now and then. */
export function textRun(made: Made, random: Random, policy: Policy): Judged {
  const places = Array.from({ length: made.records }, (_, place) => place)
  let odd = 0
  const worded = (): Answer => (random.unit() < made.noise / 2 ? `odd ${odd++}` : 'common')
  const answers = places.map((place) => {
    const isFirst = place % 2 === 0
    const isChanged = random.unit() < (isFirst ? made.first : made.second)
    // A model that collapses does so now and then in one answer of two alone.
    const changed = (): Answer => {
      if (!isChanged || (isFirst && random.unit() < 0.1)) return worded()
      return isFirst ? 'collapsed' : 'rewritten'
    }
    return { p1: worded(), p2: worded(), c1: changed(), c2: changed() }
  })
  const masks = (of: (each: (typeof answers)[number]) => ChangeKindName | null) =>
    answers.map((each) => {
      const kind = of(each)
      return kind === null ? 0 : bitOf(kind)
    })
  const compared = (['candidate', 'noise', 'cross', 'cross-candidate', 'cross-both', 'candidate-noise'] as const).map(
    (comparison) => ({
      metric: 'text-similarity',
      comparison,
      candidate: answers.map(({ p1, p2, c1, c2 }) => {
        const sides = {
          candidate: likeness(p1, c1),
          noise: likeness(p1, p2),
          cross: likeness(p2, c1),
          'cross-candidate': likeness(p1, c2),
          'cross-both': likeness(p2, c2),
          'candidate-noise': likeness(c1, c2),
        }
        return sides[comparison]
      }),
    }),
  )
  return judgedOf(places, policy, [
    { metric: 'change', candidate: masks(({ p1, c1 }) => kindBetween(p1, c1)) },
    { metric: 'change', comparison: 'noise', candidate: masks(({ p1, p2 }) => kindBetween(p1, p2)) },
    ...compared,
  ])
}

/** Half of the answers are refused, and each of them now and then otherwise; the candidate refuses more. */
export function refusalRun(made: Made, random: Random, policy: Policy): Judged {
  const places = Array.from({ length: made.records }, (_, place) => place)
  const flipped = (refused: number) => (random.unit() < made.noise ? 1 - refused : refused)
  const production = places.map(() => (random.unit() < 0.5 ? 1 : 0))
  const again = production.map(flipped)
  const candidate = production.map((refused, place) =>
    random.unit() < (place % 2 === 0 ? made.first : made.second) ? 1 : flipped(refused),
  )
  const masks = (other: readonly number[]) =>
    other.map((refused, place) => {
      const before = production[place] ?? 0
      return refused === before ? 0 : bitOf(refused > before ? 'newly-refused' : 'no-longer-refused')
    })
  return judgedOf(places, policy, [
    { metric: 'change', candidate: masks(candidate) },
    { metric: 'change', comparison: 'noise', candidate: masks(again) },
    { metric: 'refused', production, candidate },
    { metric: 'refused', comparison: 'noise', production, candidate: again },
  ])
}

function judgedOf(
  places: readonly number[],
  policy: Policy,
  measured: Parameters<typeof partsOf>[0]['measured'],
): Judged {
  const answered = { metric: 'answered', production: places.map(() => 1), candidate: places.map(() => 1) }
  const segments = places.map((place) => ({ s: place % 2 === 0 ? 'first' : 'second' }))
  const { records, rows } = partsOf({ segments, measured: [answered, ...measured] })
  return { run, records, sentAt: null, measures: columnsOf(rows), policy }
}

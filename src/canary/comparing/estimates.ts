// The statistics of one summary between two groups of users; where requests are of several kinds, shares are weighed over them.

import type { Estimator } from '../../stats/estimator.ts'
import { independentMeansRatio } from '../../stats/independent-means.ts'
import { independentQuantileRatios } from '../../stats/independent-quantiles.ts'
import { rareRateDifference } from '../../stats/rare-rate-difference.ts'
import { rateDifference, type UserCounts } from '../../stats/rate-difference.ts'
import { stratifiedRateDifference } from '../../stats/stratified-rate-difference.ts'
import type { UnpairedMethod } from './comparison.ts'
import type { GroupMeasures, UserSums } from './tally.ts'

interface Both {
  readonly control: GroupMeasures
  readonly candidate: GroupMeasures
}

/** One for each method; null where a group has nothing to compare. Quantiles of one metric are read off the same order. */
export function estimatorsOf(methods: readonly UnpairedMethod[], both: Both): (Estimator | null)[] {
  if (both.control.requests === 0 || both.candidate.requests === 0) return methods.map(() => null)
  const ps = methods.flatMap((method) => (method.kind === 'quantile-ratio' ? [method.p] : []))
  const ratios = ps.length === 0 ? [] : independentQuantileRatios({ ...latenciesOf(both), ps })
  return methods.map((method) =>
    method.kind === 'quantile-ratio' ? (ratios[ps.indexOf(method.p)] ?? null) : estimatorOf(method, both),
  )
}

type OfSums = Exclude<UnpairedMethod, { kind: 'quantile-ratio' }>

function estimatorOf(method: OfSums, { control, candidate }: Both): Estimator {
  switch (method.kind) {
    case 'mean-ratio':
      return independentMeansRatio({ control: countsOf(control), treatment: countsOf(candidate) })
    case 'share-difference':
      return shareDifference({ control, candidate }, rareRateDifference)
    case 'rate-difference':
      return shareDifference({ control, candidate }, rateDifference)
    default:
      return method satisfies never
  }
}

function latenciesOf({ control, candidate }: Both) {
  return { control: latencies(control), treatment: latencies(candidate) }
}

function latencies({ values, places, sorted }: GroupMeasures) {
  return { values, cluster: places, sorted }
}

type Difference = (args: { readonly control: UserCounts; readonly treatment: UserCounts }) => Estimator

function shareDifference({ control, candidate }: Both, plain: Difference): Estimator {
  const names = [...new Set([...control.strata.keys(), ...candidate.strata.keys()])]
  const isSmall = (name: string) =>
    Math.min(usersIn(sumsOf(control, name)), usersIn(sumsOf(candidate, name))) < fewestInStratum
  const small = names.filter(isSmall)
  const large = names.filter((name) => !isSmall(name))
  const pooled = (group: GroupMeasures) => together(small.map((name) => sumsOf(group, name)))
  const strata = [
    ...large.map((name) => ({ control: sumsOf(control, name), candidate: sumsOf(candidate, name) })),
    ...(small.length === 0 ? [] : [{ control: pooled(control), candidate: pooled(candidate) }]),
  ]
  if (strata.length < 2) return plain({ control: ratesOf(control), treatment: ratesOf(candidate) })
  return stratifiedRateDifference(
    strata.map((each) => ({ control: ratesOf(each.control), treatment: ratesOf(each.candidate) })),
  )
}

const none: UserSums = { totals: new Float64Array(), weights: new Float64Array() }

function sumsOf({ strata }: GroupMeasures, name: string): UserSums {
  return strata.get(name) ?? none
}

/** A stratum in which a group has fewer users tells nothing of its own: such ones are one together. */
const fewestInStratum = 20

function usersIn({ weights }: UserSums): number {
  let users = 0
  for (const weight of weights) if (weight > 0) users++
  return users
}

/** Users have the same place in all of them. */
function together(strata: readonly UserSums[]): UserSums {
  const length = Math.max(0, ...strata.map(({ weights }) => weights.length))
  const [totals, weights] = [new Float64Array(length), new Float64Array(length)]
  for (const each of strata) {
    for (const [place, weight] of each.weights.entries()) {
      weights[place] = (weights[place] ?? 0) + weight
      totals[place] = (totals[place] ?? 0) + (each.totals[place] ?? 0)
    }
  }
  return { totals, weights }
}

/** Of weighted values: what there was of what could have been. */
function ratesOf({ totals, weights }: UserSums): UserCounts {
  return { events: totals, trials: weights }
}

function countsOf({ totals, weights }: UserSums) {
  return { total: totals, count: weights }
}

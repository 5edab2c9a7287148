// The statistics of one summary between two groups of users; where requests are of several kinds, shares are weighed over them.

import type { Estimator } from '../stats/estimator.ts'
import { independentMeansRatio } from '../stats/independent-means.ts'
import { independentQuantileRatios } from '../stats/independent-quantiles.ts'
import { rareRateDifference } from '../stats/rare-rate-difference.ts'
import { rateDifference, type UserCounts } from '../stats/rate-difference.ts'
import { stratifiedRateDifference } from '../stats/stratified-rate-difference.ts'
import type { UnpairedMethod } from './comparison.ts'
import type { GroupMeasures, UserSums } from './tally.ts'

interface Both {
  readonly control: GroupMeasures
  readonly candidate: GroupMeasures
}

/** null where a group has nothing to compare. */
export function estimatorOf(method: UnpairedMethod, { control, candidate }: Both): Estimator | null {
  if (control.requests === 0 || candidate.requests === 0) return null
  switch (method.kind) {
    case 'quantile-ratio':
      return quantileRatioOf(method.p, { control, candidate })
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

function quantileRatioOf(p: number, { control, candidate }: Both): Estimator | null {
  const groups = { control: latenciesOf(control), treatment: latenciesOf(candidate) }
  return independentQuantileRatios({ ...groups, ps: [p] })[0] ?? null
}

function latenciesOf({ values, places }: GroupMeasures) {
  return { values, cluster: places }
}

type Difference = (args: { readonly control: UserCounts; readonly treatment: UserCounts }) => Estimator

function shareDifference({ control, candidate }: Both, plain: Difference): Estimator {
  const names = [...control.strata.keys()].filter((name) => candidate.strata.has(name))
  if (names.length < 2) return plain({ control: ratesOf(control), treatment: ratesOf(candidate) })
  const none: UserSums = { totals: new Float64Array(), weights: new Float64Array() }
  const of = ({ strata }: GroupMeasures, name: string) => ratesOf(strata.get(name) ?? none)
  return stratifiedRateDifference(names.map((name) => ({ control: of(control, name), treatment: of(candidate, name) })))
}

/** Of weighted values: what there was of what could have been. */
function ratesOf({ totals, weights }: UserSums): UserCounts {
  return { events: totals, trials: weights }
}

function countsOf({ totals, weights }: UserSums) {
  return { total: totals, count: weights }
}

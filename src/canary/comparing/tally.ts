// What users of the candidate and of the control were served with, kept so that it can be compared at any moment.

import type { AbsenceReason } from '../../core/types.ts'
import { growing } from './growing.ts'
import { inOrder } from './in-order.ts'

/** Groups that are compared. */
export type Compared = 'candidate' | 'control'

/** What is kept of a metric: every value for quantiles; of shares and means one sum for each user. */
export interface TalliedMetric {
  readonly name: string
  readonly keepsValues: boolean
}

export interface Measured {
  readonly value: number
  /** What the value is a share of; 1 where every request counts alike. */
  readonly weight: number
}

/** One answered request, or one that failed. */
export interface Observation {
  readonly group: Compared
  /** A pseudonym. */
  readonly user: string
  /** The segment that is weighed out between the groups; the empty text where none is. */
  readonly stratum: string
  /** In the order of the tally's metrics; the reason where there is no number. */
  readonly measures: readonly (Measured | AbsenceReason)[]
}

/** Σ value and Σ weight of each user: one place for each, in the order in which the group's users came. */
export interface UserSums {
  readonly totals: Float64Array
  readonly weights: Float64Array
}

/** One metric of one group. */
export interface GroupMeasures extends UserSums {
  /** Requests with a measure. */
  readonly requests: number
  /** Users who have one. */
  readonly users: number
  /** Every value and the place of its user; empty for metrics that keep sums alone. */
  readonly values: Float64Array
  readonly places: Int32Array
  /** The values in ascending order. */
  readonly sorted: Float64Array
  /** By stratum, where more than one came and the metric keeps sums; shorter where the last users did not ask there. */
  readonly strata: ReadonlyMap<string, UserSums>
}

export interface Amendment {
  /** The metric's place. */
  readonly metric: number
  readonly measured: Measured
  readonly isFirst: boolean
}

export interface Tally {
  readonly add: (observation: Observation) => void
  /** What came to be known of a request later. `isFirst`: it had no measure of this metric before. */
  readonly amend: (of: Pick<Observation, 'group' | 'user' | 'stratum'>, amendment: Amendment) => void
  readonly requests: Readonly<Record<Compared, number>>
  /** Distinct ones. */
  readonly users: Readonly<Record<Compared, number>>
  /** Requests of both groups without a number of the metric at that place, by reason. */
  readonly absent: (metric: number) => Readonly<Record<string, number>>
  /** Of the metric at that place. */
  readonly measures: (group: Compared, metric: number) => GroupMeasures
}

export function createTally(metrics: readonly TalliedMetric[]): Tally {
  const groupTally = () => ({ places: new Map<string, number>(), metrics: metrics.map(keeping) })
  const groups = { candidate: groupTally(), control: groupTally() }
  const requests = { candidate: 0, control: 0 }
  const absent = metrics.map(() => new Map<AbsenceReason, number>())
  return {
    add: ({ group, user, stratum, measures }) => {
      requests[group]++
      const { places, metrics: kept } = groups[group]
      let place = places.get(user)
      if (place === undefined) {
        place = places.size
        places.set(user, place)
      }
      for (const [at, each] of kept.entries()) {
        const measured = measures[at]
        if (typeof measured === 'object') each.add(place, stratum, measured)
        else if (measured !== undefined) count(absent[at], measured)
      }
    },
    amend: ({ group, user, stratum }, { metric, measured, isFirst }) => {
      const { places, metrics: kept } = groups[group]
      const place = places.get(user)
      if (place === undefined) return
      if (isFirst) kept[metric]?.add(place, stratum, measured)
      else kept[metric]?.raise(place, stratum, measured)
    },
    requests,
    get users() {
      return { candidate: groups.candidate.places.size, control: groups.control.places.size }
    },
    absent: (metric) => Object.fromEntries(absent[metric] ?? []),
    measures: (group, metric) => groups[group].metrics[metric]?.view() ?? nothing,
  }
}

function count(reasons: Map<AbsenceReason, number> | undefined, why: AbsenceReason): void {
  reasons?.set(why, (reasons.get(why) ?? 0) + 1)
}

const nothing: GroupMeasures = {
  requests: 0,
  users: 0,
  totals: new Float64Array(),
  weights: new Float64Array(),
  values: new Float64Array(),
  places: new Int32Array(),
  sorted: new Float64Array(),
  strata: new Map(),
}

interface Keeping {
  readonly add: (place: number, stratum: string, measured: Measured) => void
  /** Adds to what a request has already. */
  readonly raise: (place: number, stratum: string, measured: Measured) => void
  readonly view: () => GroupMeasures
}

/** So many strata at most: the others are one together. */
const maxStrata = 8
const otherStrata = '(other)'

function keeping({ keepsValues }: TalliedMetric): Keeping {
  const all = sums()
  const strata = new Map<string, ReturnType<typeof sums>>()
  const [values, places, sorted] = [growing(Float64Array), growing(Int32Array), inOrder()]
  let [requests, users] = [0, 0]
  const stratumOf = (wanted: string) => {
    const name = strata.has(wanted) || strata.size < maxStrata - 1 ? wanted : otherStrata
    const known = strata.get(name) ?? sums()
    strata.set(name, known)
    return known
  }
  return {
    add: (place, stratum, measured) => {
      requests++
      if (all.add(place, measured)) users++
      if (keepsValues) {
        values.push(measured.value)
        places.push(place)
      } else stratumOf(stratum).add(place, measured)
    },
    raise: (place, stratum, measured) => {
      all.raise(place, measured)
      if (!keepsValues) stratumOf(stratum).raise(place, measured)
    },
    view: () => ({
      ...all.view(),
      requests,
      users,
      values: values.view(),
      places: places.view(),
      sorted: sorted(values.view()),
      strata: new Map([...strata].map(([name, each]) => [name, each.view()])),
    }),
  }
}

function sums() {
  const [totals, weights, asked] = [growing(Float64Array), growing(Float64Array), growing(Int32Array)]
  const raise = (place: number, { value, weight }: Measured): void => {
    totals.raise(place, value)
    weights.raise(place, weight)
  }
  return {
    raise,
    /** Whether this is the user's first. */
    add: (place: number, measured: Measured): boolean => {
      raise(place, measured)
      return asked.raise(place, 1) === 1
    },
    view: (): UserSums => ({ totals: totals.view(), weights: weights.view() }),
  }
}

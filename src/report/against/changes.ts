// The clusters of changes of two runs beside each other, by their ids: what is new, gone, or more or less often than then.

import type { ChangeCluster } from '../../core/changes.ts'
import type { Effect, Segment } from '../../core/judgement.ts'
import { differenceOfEstimates, type Estimated, holm, wilson } from '../../stats/index.ts'
import type { AgainstInput, ReportInput } from '../input.ts'
import { familyAlpha } from './rules.ts'

/** `new` and `grown`, `gone` and `shrunk`: shown, at 5 % over all clusters. `same`: not shown. `unknown`: no pairs to hold it against. */
export type ClusterTold = 'new' | 'gone' | 'grown' | 'shrunk' | 'same' | 'unknown'

export interface ClusterSince {
  /** Of now, or of then where it is not there now. */
  readonly cluster: ChangeCluster
  readonly told: ClusterTold
  readonly earlier: Share | null
  readonly now: Share | null
  /** Two-sided, by Holm over all clusters; null where nothing could be compared. */
  readonly p: number | null
}

export interface Share {
  readonly pairs: number
  readonly of: number
  /** Whether the run has this very cluster. */
  readonly isThere: boolean
  /** Whether pairs of other clusters are in it, because the two runs group this kind otherwise. */
  readonly isWider: boolean
}

/** What the comparison is made of: changes, and what tells how many pairs a segment had. */
type Changed = Pick<ReportInput, 'changes' | 'effects' | 'counts' | 'policy'>

/**
 * null where one of the runs was not measured for changes, or where they group by other segments. Clusters that neither run
 * showed to be more than noise are left out, and are counted by Holm: those that stand out in one run do so by chance too, and
 * a family of them alone would take that for a change.
 */
export function changesSince(
  now: Changed,
  earlier: AgainstInput,
  dependence: 'apart' | 'anyhow',
): readonly ClusterSince[] | null {
  if (now.changes === null || earlier.changes === null) return null
  if ((now.policy.segments[0] ?? null) !== (earlier.policy.segments[0] ?? null)) return null
  const [here, before] = [now.changes.clusters, earlier.changes.clusters]
  const found = bothOf(here, before).map((cluster) => {
    const isWider = isGroupedOtherwise(cluster, here, before)
    const [one, other] = [shareIn(earlier, cluster, isWider), shareIn(now, cluster, isWider)]
    const p = one && other && differenceOfEstimates(estimated(one, earlier), estimated(other, now), dependence).p
    return { cluster, earlier: one, now: other, p }
  })
  const adjusted = holm(found.map(({ p }) => p ?? 1))
  const loud = new Set([...here, ...before].filter(isLoud).map(({ id }) => id))
  return found
    .map((each, place) => {
      const p = each.p === null ? null : (adjusted[place] ?? 1)
      return { ...each, p, told: toldOf(each, p) }
    })
    .filter(({ cluster }) => loud.has(cluster.id))
}

type Clusters = readonly ChangeCluster[]

function isLoud({ isBeyondNoise }: ChangeCluster): boolean {
  return isBeyondNoise !== false
}

function bothOf(now: Clusters, earlier: Clusters): Clusters {
  const own = new Set(now.map(({ id }) => id))
  return [...now, ...earlier.filter(({ id }) => !own.has(id))]
}

/** Towards more only where the cluster is there now, towards fewer only where it was: a share of another's pairs shows neither. */
function toldOf({ earlier, now }: Pick<ClusterSince, 'earlier' | 'now'>, p: number | null): ClusterTold {
  if (p === null || earlier === null || now === null) return 'unknown'
  const isUp = now.pairs / now.of > earlier.pairs / earlier.of
  if (p > familyAlpha || !(isUp ? now : earlier).isThere) return 'same'
  // Where others of its kind may hold some of its pairs nobody can say that there were none.
  if (isUp) return earlier.pairs === 0 ? 'new' : 'grown'
  return now.pairs === 0 ? 'gone' : 'shrunk'
}

/** A segment or a template that has a cluster of its own in one run alone takes its pairs out of the wider one. */
function isGroupedOtherwise(cluster: ChangeCluster, now: Clusters, earlier: Clusters): boolean {
  const within = (clusters: Clusters) =>
    clusters
      .filter((each) => isWithin(each, cluster) && each.id !== cluster.id)
      .map(({ id }) => id)
      .toSorted()
      .join(' ')
  return within(now) !== within(earlier)
}

function isWithin(each: ChangeCluster, cluster: ChangeCluster): boolean {
  const isOfSegment = cluster.segment === null || each.segment?.value === cluster.segment.value
  return each.kind === cluster.kind && isOfSegment && (cluster.template === null || each.template === cluster.template)
}

function shareIn(run: Changed, cluster: ChangeCluster, isWider: boolean): Share | null {
  const clusters = run.changes?.clusters ?? []
  const own = clusters.find(({ id }) => id === cluster.id)
  if (own && !isWider) return own.of === 0 ? null : { pairs: own.pairs, of: own.of, isThere: true, isWider }
  const of = pairsIn(run, cluster.segment) ?? own?.of ?? 0
  if (of === 0) return null
  // Of a run without it, all count that may be its pairs: so nothing is new, or gone, too soon.
  const counted = clusters.filter((each) => isWithin(each, cluster) || (own === undefined && isWithin(cluster, each)))
  const pairs = Math.min(
    of,
    counted.reduce((sum, each) => sum + each.pairs, 0),
  )
  return { pairs, of, isThere: own !== undefined, isWider: pairs !== (own?.pairs ?? 0) }
}

/** Every pair has an `answered`, whatever became of it. */
function pairsIn({ effects, counts }: Changed, segment: Segment | null): number | null {
  if (segment === null) return counts.pairs
  const isOf = (effect: Effect) => effect.segment?.key === segment.key && effect.segment.value === segment.value
  const all = effects.filter(isOf).map(({ pairs }) => pairs)
  return all.length === 0 ? null : Math.max(...all)
}

/**
 * Wilson's limits, as if each conversation were one pair: pairs of one conversation tend to change together, and how much
 * they do is not kept.
 */
function estimated({ pairs, of }: Share, { effects }: Changed): Estimated {
  const answered = effects.find(({ metric, segment }) => metric === 'answered' && segment === null)
  const worth = answered && answered.pairs > 0 && answered.clusters > 0 ? answered.clusters / answered.pairs : 1
  const n = of * Math.min(1, worth)
  const k = Math.min(n, pairs * Math.min(1, worth))
  return { estimate: k / n, ...wilson({ k, n, alphaOneSided }), alphaOneSided, units: manyUnits }
}

const alphaOneSided = 0.025
/** Wilson's limits are the normal distribution's. */
const manyUnits = 1e9

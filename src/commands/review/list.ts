// Clusters of changes and pairs with what was decided about them: for people, and for programs.

import { styleText } from 'node:util'
import type { ChangeCluster } from '../../core/changes.ts'
import type { PairRow } from '../../core/pair.ts'
import type { Review } from '../../core/review.ts'
import { count } from '../../report/format.ts'
import { reviewState } from '../../review/find.ts'
import type { Reviewing } from './reviewing.ts'
import { clusterWords, pairWords } from './subject-words.ts'

/** So many pairs are read in a terminal; `--json` gives all. */
const mostPairs = 40

/** `isAsked`: pairs were asked for by a filter; without it only those that have a review of their own are shown. */
export function listText(about: Reviewing, rows: readonly PairRow[], isAsked: boolean): readonly string[] {
  const { clusters, stored } = about
  if (isAsked) return pairLines(about, rows)
  const own = rows.filter((row) => about.reviewOf(row)?.about.kind === 'pair')
  const quiet = clusters.filter(({ isBeyondNoise }) => isBeyondNoise === false)
  const loud = clusters.filter((cluster) => !quiet.includes(cluster))
  return [
    `run ${stored.run.id}: ${count(rows.length)} pairs changed`,
    ...loud.map((cluster) => clusterLine(cluster, about)),
    ...(quiet.length > 0 ? [styleText('gray', 'No more than production differs from itself:')] : []),
    ...quiet.map((cluster) => clusterLine(cluster, about)),
    ...(own.length > 0 ? ['Pairs with a review of their own:', ...pairLines(about, own)] : []),
  ]
}

function pairLines(about: Reviewing, rows: readonly PairRow[]): readonly string[] {
  const left = rows.length - mostPairs
  return [
    ...rows.slice(0, mostPairs).map((row) => lineOf(row.recordId, about.reviewOf(row), pairWords(row))),
    ...(left > 0 ? [`… and ${count(left)} more; --json gives all`] : []),
    ...(rows.length === 0 ? ['no changed pair meets the filter'] : []),
  ]
}

function clusterLine(cluster: ChangeCluster, about: Reviewing): string {
  const words = `${clusterWords(cluster)} in ${count(cluster.pairs)} of ${count(cluster.of)} pairs`
  return lineOf(cluster.id, reviewOfCluster(cluster, about), words)
}

function lineOf(id: string, review: Review | null, words: string): string {
  const by = review === null ? '' : ` (${review.reviewer}${review.reason === null ? '' : `: ${review.reason}`})`
  return `${id}  ${reviewState(review).padEnd(10)}  ${words}${by}`
}

/** What counts for most of its pairs: those with a review of their own do not speak for the cluster. */
function reviewOfCluster({ id }: ChangeCluster, { changed, reviewOf }: Reviewing): Review | null {
  const reviews = changed.filter(({ cluster }) => cluster === id).map(reviewOf)
  return reviews.find((review) => review !== null && review.about.kind === 'cluster') ?? null
}

export function listJson(about: Reviewing, rows: readonly PairRow[]): object {
  const { clusters, stored, reviewOf } = about
  return {
    run: stored.run.id,
    clusters: clusters.map((cluster) => {
      const { id, kind, segment, template, pairs, of, isBeyondNoise, example } = cluster
      const words = clusterWords(cluster)
      const head = { id, kind, segment, template, words, pairs, of, isBeyondNoise, example: example.recordId }
      return { ...head, ...told(reviewOfCluster(cluster, about)) }
    }),
    pairs: rows.map((row) => {
      const { recordId, kind, cluster, standing, segments, similarity } = row
      return { id: recordId, kind, cluster, standing, segments, similarity, ...told(reviewOf(row)) }
    }),
  }
}

function told(review: Review | null) {
  return { state: reviewState(review), review }
}

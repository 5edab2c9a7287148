// The clusters of changes since another run, in words.

import { segmentWords } from '../../core/segment-words.ts'
import type { ClusterSince, ClusterTold, Share } from '../against/changes.ts'
import { count, counted, percent } from '../format.ts'

export interface AgainstChange {
  readonly id: string
  readonly told: ClusterTold
  /** "new"; "more often than then". */
  readonly words: string
  /** "answers collapsed". */
  readonly what: string
  readonly where: string | null
  /** "99.8 % (998 of 1,000 pairs)". */
  readonly earlier: string
  readonly now: string
}

const toldWords: Readonly<Record<ClusterTold, string>> = {
  new: 'new',
  grown: 'more often than then',
  gone: 'gone',
  shrunk: 'less often than then',
  same: 'no different from then',
  unknown: "can't be told",
}
const order = Object.keys(toldWords)

/** What differs first, and otherwise as the runs rank them. */
export function againstChanges(clusters: readonly ClusterSince[]): readonly AgainstChange[] {
  return clusters.map(changeOf).toSorted((a, b) => order.indexOf(a.told) - order.indexOf(b.told))
}

/** "2 new changes", "1 change gone": what is shown. */
export function changeCounts(clusters: readonly ClusterSince[]): readonly string[] {
  const of = (told: ClusterTold) => clusters.filter((each) => each.told === told).length
  const found = { new: of('new'), gone: of('gone'), grown: of('grown'), shrunk: of('shrunk') }
  return [
    ...(found.new > 0 ? [counted(found.new, 'new change')] : []),
    ...(found.gone > 0 ? [`${counted(found.gone, 'change')} gone`] : []),
    ...(found.grown > 0 ? [`${counted(found.grown, 'change')} more often`] : []),
    ...(found.shrunk > 0 ? [`${counted(found.shrunk, 'change')} less often`] : []),
  ]
}

function changeOf({ cluster, told, earlier, now }: ClusterSince): AgainstChange {
  const { id, words, segment } = cluster
  return {
    id,
    told,
    words: told === 'same' ? sameWords(earlier, now) : toldWords[told],
    what: words,
    where: segment && segmentWords(segment),
    earlier: shareWords(earlier),
    now: shareWords(now),
  }
}

/** A cluster that only one run has, and that is not shown to be new or gone: too few pairs to say so. */
function sameWords(earlier: Share | null, now: Share | null): string {
  if (earlier?.isThere === false) return 'none of its own then, and too few now to call it new'
  return now?.isThere === false ? 'none of its own now, and too few then to call it gone' : toldWords.same
}

function shareWords(share: Share | null): string {
  if (share === null) return 'not known'
  const { pairs, of, isWider } = share
  const wider = isWider ? ', those grouped otherwise included' : ''
  return `${percent(pairs / of)} (${count(pairs)} of ${counted(of, 'pair')}${wider})`
}

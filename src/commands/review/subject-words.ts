// What an entry of the file of reviews says that it is about.

import type { ChangeCluster } from '../../core/changes.ts'
import type { PairRow } from '../../core/pair.ts'
import { changeKinds } from '../../score/changes/kinds.ts'

/** "task=prime · answers collapsed": what an entry of the file says of its cluster. */
export function clusterWords({ segment, words }: ChangeCluster): string {
  return segment === null ? words : `${segment.key}=${segment.value} · ${words}`
}

/** "newly refused in pair 4f1c…": what an entry says of its pair. */
export function pairWords({ recordId, kind }: PairRow): string {
  const words = changeKinds.find(({ name }) => name === kind)?.words ?? 'unchanged'
  return `${words} in pair ${recordId.slice(0, 12)}`
}

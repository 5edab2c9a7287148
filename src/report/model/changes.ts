// What changed, in words: one line for each cluster of pairs, and the kinds that have two directions.

import type { ChangeCluster, ChangeDirection, ChangedAmong, Changes, OpinionChanges } from '../../core/changes.ts'
import { inSegment, segmentWords } from '../../core/segment-words.ts'
import type { RecordId } from '../../core/types.ts'
import { count, counted, factor, percent } from '../format.ts'
import { oneLine } from '../text.ts'
import { judgeSentences } from './judge.ts'
import { anchorOf } from './pairs.ts'

export interface ChangesModel {
  /** What is more than production's own noise, worst first, as many as a page can hold. */
  readonly lines: readonly ChangeLine[]
  /** "and 4 more in verdict.json"; null where all are shown. */
  readonly more: string | null
  /** What is not, as a sentence; null where all is. */
  readonly quiet: string | null
  /** Why there are no lines; null where there are some. */
  readonly none: string | null
  readonly directions: readonly DirectionRow[]
  /** Sentences about what users had thought of the recorded answers; empty where none said so. */
  readonly opinions: readonly string[]
  /** Sentences about what a judge said; empty where none was asked. */
  readonly judge: readonly string[]
}

export interface ChangeLine {
  readonly id: string
  /** "task=prime"; null where it is about all records. */
  readonly where: string | null
  /** "answers collapsed: 174 → 3 tokens". */
  readonly what: string
  /** "998 of 1,000 pairs". */
  readonly pairs: string
  /** "99.8 %". */
  readonly share: string
  /** "production against itself: 0 of 298". */
  readonly against: string
  /** The pair to look at; null where the report does not hold it. */
  readonly example: { readonly anchor: string; readonly name: string } | null
  readonly recordId: string
}

export interface DirectionRow {
  readonly there: string
  readonly back: string
  readonly pairsThere: string
  readonly pairsBack: string
  /** "0 and 2 of 495", production against itself. */
  readonly noise: string
}

const noChanges: Changes = { clusters: [], directions: [], opinions: null, judge: null }

/** So many clusters are a morning's work; what follows them is in verdict.json. */
const mostLines = 12

/** The records of `shown` are those that the report has pairs of, in its order. */
export function changesModel(changes: Changes | null, shown: readonly RecordId[]): ChangesModel {
  const { clusters, directions, opinions, judge } = changes ?? noChanges
  const loud = clusters.filter(isLoud)
  const left = loud.length - mostLines
  return {
    lines: changeLines(changes, shown).slice(0, mostLines),
    more: left > 0 ? `and ${count(left)} more in verdict.json` : null,
    quiet: quietWords(clusters.filter((cluster) => !isLoud(cluster))),
    none: noneWords(changes, loud.length),
    directions: directions.map(directionRow),
    opinions: opinionSentences(opinions),
    judge: judgeSentences(judge),
  }
}

/** Both kinds, and what they are worth. */
export function opinionSentences(opinions: OpinionChanges | null): readonly string[] {
  if (opinions === null) return []
  return [
    `Of the answers that users liked, ${changedWords(opinions.liked)}; of those that they did not, ${changedWords(opinions.disliked)}.`,
    'They saw the recorded answers, not these: it says where to look, and decides nothing.',
  ]
}

function changedWords({ candidate, noise }: ChangedAmong): string {
  if (candidate.of === 0) return 'none is in this run'
  const share = `${count(candidate.changed)} of ${count(candidate.of)} changed (${percent(candidate.changed / candidate.of)}`
  const floor =
    noise === null || noise.of === 0 ? '' : `; production against itself: ${count(noise.changed)} of ${count(noise.of)}`
  return `${share}${floor})`
}

/** Of every cluster that is beyond noise, worst first. */
export function changeLines(changes: Changes | null, shown: readonly RecordId[] = []): readonly ChangeLine[] {
  return (changes?.clusters ?? []).filter(isLoud).map((cluster) => lineOf(cluster, shown))
}

/** The line as one sentence, for formats without columns. */
export function changeSentence({ where, what, pairs, against }: ChangeLine): string {
  return `${where === null ? '' : `${where} · `}${what} in ${pairs} (${against})`
}

function isLoud({ isBeyondNoise }: ChangeCluster): boolean {
  return isBeyondNoise !== false
}

function noneWords(changes: Changes | null, loud: number): string | null {
  if (changes === null) return 'This run was not measured for changes: shadowgate score measures it again.'
  return loud === 0 ? 'Nothing beyond what production changes from answer to answer.' : null
}

function lineOf(cluster: ChangeCluster, shown: readonly RecordId[]): ChangeLine {
  const { id, segment, words, pairs, of, example } = cluster
  const place = shown.indexOf(example.recordId)
  return {
    id,
    where: segment && segmentWords(segment),
    what: `${words}${lengthWords(cluster)}${latencyWords(cluster)}`,
    pairs: `${count(pairs)} of ${counted(of, 'pair')}`,
    share: of === 0 ? '—' : percent(pairs / of),
    against: againstWords(cluster),
    example: place === -1 ? null : { anchor: anchorOf(example.recordId), name: `pair ${place + 1}` },
    recordId: oneLine(example.recordId),
  }
}

/** Smaller changes of a median than these are not what the cluster is about. */
const [tellingLength, tellingLatency] = [1.5, 1.25]

function lengthWords({ lengths }: ChangeCluster): string {
  if (lengths === null || lengths.before <= 0) return ''
  const ratio = lengths.after / lengths.before
  const isTelling = ratio >= tellingLength || ratio <= 1 / tellingLength
  return isTelling ? `: ${count(lengths.before)} → ${counted(lengths.after, lengths.unit.slice(0, -1))}` : ''
}

function latencyWords({ latencyRatio }: ChangeCluster): string {
  return latencyRatio !== null && latencyRatio >= tellingLatency ? `, ${factor(latencyRatio)} the latency` : ''
}

function againstWords({ mirror, noise }: ChangeCluster): string {
  // Where none went back the table of both directions says so.
  const back = mirror === null || mirror.pairs === 0 ? [] : [`${mirror.words}: ${count(mirror.pairs)}`]
  const floor = noise === null ? 'not known' : `${count(noise.pairs)} of ${count(noise.of)}`
  return [...back, `production against itself: ${floor}`].join('; ')
}

function quietWords(clusters: readonly ChangeCluster[]): string | null {
  if (clusters.length === 0) return null
  const parts = clusters.map(({ words, segment, pairs, of, noise }) => {
    const floor = noise === null ? '' : ` (itself: ${count(noise.pairs)} of ${count(noise.of)})`
    return `${inSegment(words, segment)}, ${count(pairs)} of ${count(of)}${floor}`
  })
  return `Not shown to be more than production's own noise: ${parts.join('; ')}.`
}

function directionRow({ there, back, candidate, noise }: ChangeDirection): DirectionRow {
  return {
    there,
    back,
    pairsThere: count(candidate.there),
    pairsBack: count(candidate.back),
    noise:
      noise === null ? 'not known' : `${count(noise.there)} and ${count(noise.back)} of ${counted(noise.of, 'pair')}`,
  }
}

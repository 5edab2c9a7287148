// A stored run as those who browse it see it: rows from the columns that they need, and texts where somebody looks.

import type { ChangeCluster } from '../../core/changes.ts'
import type { PairRow } from '../../core/pair.ts'
import type { ReviewSubject } from '../../core/review.ts'
import { count, duration, factor, instant, percent, tokens, usd } from '../../report/format.ts'
import { changeLines } from '../../report/model/changes.ts'
import { decisionMarks, heldMark } from '../../report/words.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import type { Judgement } from '../../store/verdicts.ts'
import type { ClusterLine, PairSource, RunTitle } from '../../tui/source.ts'
import { pairDetails } from '../pairs/pair-details.ts'
import { storedPairs } from '../pairs/stored-pairs.ts'
import { clusterWords, pairWords } from '../review/subject-words.ts'
import { removedNote } from '../run/removed.ts'
import type { Session } from '../session/session.ts'
import { metricLines } from './pair-metrics.ts'

export interface StoredSource extends PairSource {
  /** Resolves once nothing is being read any more: only then may the store be closed. */
  readonly idle: () => Promise<void>
  /** "task=prime · answers collapsed": what an entry of the file of reviews says that it is about. */
  readonly wordsOf: (subject: ReviewSubject) => string
}

export async function pairSource(session: Session, store: Store, stored: StoredRun): Promise<StoredSource> {
  const { run } = stored
  const { table, clusters, segments } = await storedPairs(session, store, stored)
  const judgement = await store.judgementOf(run.id)
  const reading = new Set<Promise<unknown>>()
  const read = <T>(work: Promise<T>): Promise<T> => {
    const ended = work.catch(() => {}).finally(() => reading.delete(ended))
    reading.add(ended)
    return work
  }
  return {
    title: titleOf(stored, judgement),
    rows: table.rows,
    segments,
    clusters: clusterLines(clusters),
    reasonsOf: table.reasonsOf,
    textsGone: removedNote(await store.removedOf(run.id)),
    details: (rows) => read(store.whileBrowsing(() => pairDetails(store, stored, rows))),
    metricsOf: async ({ ordinal }) => metricLines(await read(store.pairMeasuresOf(run.id, ordinal)), session.metrics),
    wordsOf: subjectWords(clusters, table.rows),
    capturedMs: () => read(store.capturedTimesOf(run.id)),
    idle: async () => {
      while (reading.size > 0) await Promise.all(reading)
    },
    words: { count, percent, duration, tokens, usd, factor, instant },
  }
}

function titleOf({ run }: StoredRun, judgement: Judgement | null): RunTitle {
  const verdict = judgement?.verdict ?? null
  const mark = verdict && (verdict.held ? heldMark : decisionMarks[verdict.decision])
  const tone = verdict?.decision === 'GO' && !verdict.held ? 'good' : verdict?.decision === 'NO-GO' ? 'bad' : 'doubt'
  const { production, candidate } = run.targets
  return {
    runId: run.id,
    decision: mark === null ? '○ not judged' : `${mark.symbol} ${mark.word}`,
    tone,
    production: production.model ?? 'production',
    candidate: candidate.model ?? 'candidate',
  }
}

/** All of them: who reviews wants to see what was taken for noise too. */
function clusterLines(clusters: readonly ChangeCluster[]): readonly ClusterLine[] {
  // The report's lines leave out what is within noise.
  const loud = clusters.map((each) => ({ ...each, isBeyondNoise: true }))
  return changeLines({ clusters: loud, directions: [], opinions: null, judge: null }).flatMap(
    ({ id, where, what, pairs, against }, place): ClusterLine[] => {
      const cluster = clusters[place]
      if (cluster === undefined) return []
      const isWithinNoise = cluster.isBeyondNoise === false
      return [{ id, where, what, pairs, against, isWithinNoise, example: cluster.example.ordinal }]
    },
  )
}

/** What a decision is about, for whoever reads the file of reviews. */
function subjectWords(
  clusters: readonly ChangeCluster[],
  rows: readonly PairRow[],
): (subject: ReviewSubject) => string {
  return (subject) => {
    if (subject.kind === 'pair') {
      const row = rows.find(({ recordId }) => recordId === subject.recordId)
      return row === undefined ? subject.change : pairWords(row)
    }
    const cluster = clusters.find(({ id }) => id === subject.id)
    return cluster === undefined ? subject.id : clusterWords(cluster)
  }
}

// What was measured → the verdict, with the looks at the run where it was looked at along the way.

import type { Evidence, Policy, Run } from '../../core/judgement.ts'
import { decide, type Sequence } from '../../gate/decide.ts'
import { isBlocking } from '../../gate/find.ts'
import { type Looked, looksOf, notLooked, takeLook } from '../../gate/looks.ts'
import { defaultLookPolicy } from '../../gate/policy.ts'
import { subjectOf } from '../../gate/words.ts'
import { buildScoreTable, firstOf, firstRecords, type ScoredRecord, type ScoreTable } from '../../score/columns.ts'
import { evidenceOf } from '../../score/effects.ts'
import type { Metric } from '../../score/metric.ts'
import { metrics as roster } from '../../score/metrics/index.ts'
import type { Look } from '../../stats/sequential-looks.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import type { Judgement } from '../../store/verdicts.ts'
import { factsOf } from '../run/stored-run.ts'
import { swapOf } from '../run/swap-of.ts'
import { driftOf, isOfLog } from './drift-of.ts'
import type { Judged } from './judged.ts'
import { type ReviewedRun, reviewedRun } from './reviewed-run.ts'
import { segmentKeysOf } from './segment-keys.ts'

/** All but the measures that a verdict is made of. */
export async function surroundingsOf(
  store: Store,
  { run }: StoredRun,
): Promise<Pick<Judged, 'run' | 'records' | 'sentAt'>> {
  const records = await store.runOutlines(run.id)
  const sentAt = run.replay.lane === 'batch' ? null : await store.sentTimesOf(run.id, records.length)
  return { run, records, sentAt }
}

/** The verdict on what was measured: no clock and no chance has a part in it. */
export function judge(judged: Judged): Judgement {
  const { run, records, sentAt, policy, metrics = roster } = judged
  const first = run.stopped?.records ?? null
  const all = first === null ? judged.measures : firstRecords(judged.measures, first)
  const drift = driftOf({ ...judged, measures: all })
  const measures = all.filter((column) => !isOfLog(column))
  const ruled = new Set(policy.rules.map(({ metric }) => metric))
  // A metric that no rule is about is shown for all records: twenty segments of it would ask twenty questions that nobody has.
  const inSegments = metrics.filter(({ summaries }) => summaries.some(({ name }) => ruled.has(name)))
  const options = { metrics, inSegments, segments: segmentKeysOf(policy), level: policy.level }
  const reviewed = reviewedRun({ policy, swap: swapOf(run), measures, records, metrics })
  const table = buildScoreTable(records, reviewed.measures, sentAt)
  const evidence = reviewed.told(evidenceOf(table, options))
  const effects = evidence.flatMap(({ effect }) => (effect ? [effect] : []))
  const facts = factsOf(measures, run, records.length)
  const reached = reachedBy(run, records, facts.pairs)
  const seen = { first: firstSeen(judged, table), whole: { records: reached, evidence } }
  const sequence = facts.pairs < facts.planned ? null : sequenceOf(judged, seen, facts.pairs)
  return {
    policy,
    effects,
    verdict: decide(evidence, policy, { ...facts, reviews: reviewed.changes, ...(drift && { drift }) }, sequence),
  }
}

/** At how many records the last look is taken. */
function reachedBy({ stopped }: Run, records: readonly ScoredRecord[], pairs: number): number {
  if (stopped === null) return records.length
  return stopped.records ?? pairs
}

/** By which looks a run of so many records is judged; null where it is judged once. */
export interface Looking {
  readonly looks: readonly Look[]
  /** One-sided, of the last look: what a failure has to beat beside so many tests. */
  readonly alphaFail: (tests: number) => number
}

/**
 * An open loop sends in the order of the log and a batch all at once: no prefix of theirs is a sample. A run that was stopped
 * because it was decided has been looked at, whatever the policy says now. `endsAt`: it ended there for want of money or time.
 */
export function lookingAt(
  run: Run,
  policy: Policy,
  records: readonly ScoredRecord[],
  endsAt: number | null,
): Looking | null {
  if (run.replay.pace === 'open' || run.replay.lane === 'batch') return null
  const looks = policy.looks ?? (run.stopped?.why === 'decided' ? defaultLookPolicy : null)
  const size = { planned: records.length, endsAt }
  const reached = run.stopped?.records ?? endsAt ?? records.length
  const upTo = (tests?: number) =>
    looksOf({ ...policy, looks }, size, tests)
      // The last one sees whatever there is.
      ?.map((look) => ({ ...look, n: look.n === endsAt ? look.n : wholeConversations(look.n, records) }))
      .filter(({ n }) => n <= reached)
  const own = upTo()
  if (!own || own.length === 0) return null
  return { looks: own, alphaFail: (tests) => (tests === 0 ? 0 : (upTo(tests)?.at(-1)?.alphaFail ?? 0)) }
}

/** No look cuts through a conversation: its turns stand together in the order of the run. */
function wholeConversations(records: number, all: readonly ScoredRecord[]): number {
  let end = records
  while (end < all.length && all[end]?.cluster !== null && all[end]?.cluster === all[end - 1]?.cluster) end++
  return end
}

interface Watched {
  readonly metrics: readonly Metric[]
  /** Keys of segments that the rules name. */
  readonly segments: readonly string[]
}

/** What a look has to know of: the metrics that blocking rules are about. */
export function watchedBy({ rules }: Pick<Policy, 'rules'>, metrics: readonly Metric[]): Watched {
  const blocking = rules.filter((rule) => isBlocking(rule, 'replay'))
  const summaries = new Set(blocking.map(({ metric }) => metric))
  return {
    metrics: metrics.filter((metric) => metric.summaries.some(({ name }) => summaries.has(name))),
    segments: [...new Set(blocking.flatMap(({ segment }) => (segment ? [segment.key] : [])))],
  }
}

/** The first so many records after which a replay of these measures would have ended; null where it would not have. */
export function endOf(judged: Judged): number | null {
  const looking = lookingAt(judged.run, judged.policy, judged.records, null)
  if (looking === null) return null
  const { records, measures, sentAt } = judged
  const seen = { first: firstSeen(judged, buildScoreTable(records, measures, sentAt)), whole: null }
  const looked = takeLooks(judged, seen, looking.looks, ({ isOver }) => isOver)
  return looked.isOver ? (looking.looks[looked.taken.length - 1]?.n ?? null) : null
}

/** What looks are taken at. */
interface Seen {
  /** The first so many records, and what is told of their evidence. */
  readonly first: (records: number) => SeenFirst
  /** The evidence of all records that are judged, where it was asked for already. */
  readonly whole: { readonly records: number; readonly evidence: readonly Evidence[] } | null
}

interface SeenFirst {
  readonly table: ScoreTable
  readonly told: ReviewedRun['told']
}

/** Reviews are found anew in each first part, as the replay did when it had no more; without them a part of the table will do. */
function firstSeen(
  { run, policy, measures, records, sentAt, metrics = roster }: Judged,
  table: ScoreTable,
): Seen['first'] {
  if (policy.reviews === undefined) {
    return (first) => ({ table: firstOf(table, first), told: (evidence) => evidence })
  }
  const own = { policy, swap: swapOf(run), records, metrics }
  return (first) => {
    const reviewed = reviewedRun({ ...own, measures: firstRecords(measures, first) })
    return { table: buildScoreTable(records, reviewed.measures, sentAt), told: reviewed.told }
  }
}

function takeLooks(
  { policy, metrics = roster }: Pick<Judged, 'policy' | 'metrics'>,
  { first, whole }: Seen,
  looks: readonly Look[],
  isEnough: (looked: Looked) => boolean,
): Looked {
  let looked = notLooked
  for (const look of looks) {
    // What is decided needs no evidence any more.
    const open = policy.rules.filter(({ metric, segment }) => !looked.decided.has(subjectOf(metric, segment)))
    const evidence =
      look.n === whole?.records
        ? whole.evidence
        : evidenceIn(first(look.n), { ...watchedBy({ rules: open }, metrics), level: policy.level })
    looked = takeLook(looked, look, evidence, policy)
    if (isEnough(looked)) break
  }
  return looked
}

function evidenceIn({ table, told }: SeenFirst, options: Parameters<typeof evidenceOf>[1]): readonly Evidence[] {
  return told(evidenceOf(table, options))
}

function sequenceOf(judged: Judged, seen: Seen, pairs: number): Sequence | null {
  const { run, records, policy } = judged
  // A limit knows nothing of what the answers are: what it leaves of the plan's random order is a sample, and the last look is there.
  const isCut = run.stopped !== null && run.stopped.why !== 'decided'
  const endsAt = isCut ? pairs : null
  const looking = lookingAt(run, policy, records, endsAt)
  if (looking === null) return null
  // All looks of a run that went on, decided or not: the record of what was seen is whole.
  const looked = takeLooks(judged, seen, looking.looks, () => false)
  const last = looking.looks.at(-1)
  return { ...looked, alphaPass: last?.alphaPass ?? 0, alphaFail: looking.alphaFail }
}

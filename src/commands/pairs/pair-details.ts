// What both arms said in some pairs of a run, from the store: for reports, and for whoever browses.

import type { PairDetail, PairRow, SideDetail } from '../../core/pair.ts'
import type { AnsweredCall, Comparison, Pair, RequestRecord } from '../../core/types.ts'
import { providerNamed } from '../../providers/index.ts'
import { outcomeWords } from '../../score/outcome-words.ts'
import { pairsOf } from '../../score/pairs.ts'
import { replyOf } from '../../score/reply.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'

/** By the record's place in the run; rows of which nothing is stored any more are left out. */
export async function pairDetails(
  store: Store,
  { run }: Pick<StoredRun, 'run'>,
  rows: readonly PairRow[],
): Promise<ReadonlyMap<number, PairDetail>> {
  // A request and an answer without their words are none.
  if ((await store.removedOf(run.id)).texts !== null) return new Map()
  const ordinals = rows.map(({ ordinal }) => ordinal)
  const rowOf = new Map(rows.map((row) => [row.ordinal, row]))
  const records = await store.recordsOf(run.id, ordinals)
  const details = new Map<number, PairDetail>()
  for await (const page of store.attemptsOf(run.id, { ordinals })) {
    for (const { ordinal, attempts } of page) {
      const pairs = pairsOf(attempts, { isOpenLoop: run.replay.pace === 'open' })
      const [row, record] = [rowOf.get(ordinal), records.get(ordinal)]
      const detail = row && record && detailOf(row, record, pairs)
      if (detail) details.set(ordinal, detail)
    }
  }
  return details
}

function detailOf(row: PairRow, record: RequestRecord, pairs: readonly Pair[]): PairDetail | null {
  const of = (comparison: Comparison) => pairs.find((pair) => pair.comparison === comparison)
  const [judged, noise] = [of('candidate'), of('noise')]
  if (judged === undefined) return null
  return {
    ordinal: row.ordinal,
    recordId: record.id,
    source: record.source,
    capturedAt: record.capturedAt,
    api: record.api,
    prompt: providerNamed(record.api).prompt(record.body),
    body: record.body,
    production: sideOf(judged.production, row.refused.production),
    candidate: sideOf(judged.candidate, row.refused.candidate),
    again: noise ? sideOf(noise.candidate, false) : null,
  }
}

function sideOf(call: AnsweredCall, isRefused: boolean): SideDetail {
  const reply = replyOf(call)
  const { latencyMs, firstTokenMs, tries } = call
  return {
    text: reply?.text ?? '',
    toolCalls: reply?.toolCalls ?? [],
    outcome: outcomeWords(call, isRefused),
    servedModel: reply?.servedModel ?? null,
    latencyMs: latencyMs !== null && Number.isFinite(latencyMs) ? latencyMs : null,
    firstTokenMs: firstTokenMs !== null && Number.isFinite(firstTokenMs) ? firstTokenMs : null,
    tries,
    usage: reply?.usage ?? null,
  }
}

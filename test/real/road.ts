// From answers to the verdict, by the road that a run's stored answers take: attempts, pairs, measures, evidence, verdict.

import { judge } from '../../src/commands/gate/judgement.ts'
import type { Changes } from '../../src/core/changes.ts'
import type { Policy, Verdict } from '../../src/core/judgement.ts'
import {
  type Arm,
  type Attempt,
  arms,
  type MeasureColumn,
  type MeasureRow,
  type Price,
  type Reply,
} from '../../src/core/types.ts'
import type { ServedAnswer } from '../../src/demo/draw.ts'
import { rolloutPolicy } from '../../src/gate/policy.ts'
import { groupChanges } from '../../src/score/changes/group.ts'
import type { ScoredRecord } from '../../src/score/columns.ts'
import { gatherColumns } from '../../src/score/gather.ts'
import { measurePair } from '../../src/score/measure.ts'
import { metrics } from '../../src/score/metrics/index.ts'
import { pairsOf } from '../../src/score/pairs.ts'
import { attemptOf, runOf } from '../support/nouns.ts'

/** Judged once: these answers were not sent in a random order, so that no prefix of them is a sample. */
export const defaultPolicy: Policy = { ...rolloutPolicy, looks: null }

/** Without the rule that no API of 2023 can be judged by: none of them had a prompt cache to report. */
export const evaluablePolicy: Policy = {
  ...defaultPolicy,
  rules: defaultPolicy.rules.filter(({ metric }) => metric !== 'cache-hit-rate'),
}

/** What a record was answered: by each arm once, and once more for the noise. */
export type Answers = Readonly<Record<Arm, readonly [first: ServedAnswer, second: ServedAnswer]>>

function replyOf({ text, promptTokens, outputTokens, finishReason }: ServedAnswer): Reply {
  const usage = { input: promptTokens, output: outputTokens, cachedInput: null, reasoning: null }
  return { text, toolCalls: [], stop: finishReason === 'length' ? 'length' : 'end', usage, servedModel: null }
}

/** Every call was answered at once. When a first token came was not recorded. */
function attemptsOf(answers: Answers): Attempt[] {
  return arms.flatMap((arm) =>
    answers[arm].map((answer, trial) =>
      attemptOf('record', {
        arm,
        trial,
        timing: { headersMs: null, firstTokenMs: null, totalMs: answer.latencyMs },
        outcome: { kind: 'reply', reply: replyOf(answer) },
      }),
    ),
  )
}

/** All metrics of all six comparisons of a record's answers; whose place in the run is told later. */
export function measuresOf(answers: Answers, price: Price): MeasureRow[] {
  const context = {
    prices: { production: price, candidate: price },
    reportsCache: { production: false, candidate: false },
    asked: null,
    record: null,
    judged: null,
  }
  return pairsOf(attemptsOf(answers), { isOpenLoop: false }).flatMap((pair) => measurePair(pair, metrics, context))
}

/** The measures of all records in columns, a record's place being its place in the list. */
export function gathered(records: readonly (readonly MeasureRow[])[]): MeasureColumn[] {
  const gathering = gatherColumns()
  for (const [ordinal, rows] of records.entries()) gathering.add(rows.map((row) => ({ ...row, ordinal })))
  return gathering.columns()
}

/** What changed in so many records. */
export function changesOn(measures: readonly MeasureColumn[], count: number): Changes | null {
  const none = { segmentKey: null, opinions: new Map(), judge: null }
  return groupChanges({ measures, records: recordsOf(count), ...none })?.changes ?? null
}

function recordsOf(count: number): ScoredRecord[] {
  return Array.from({ length: count }, (_, ordinal) => ({ id: `record ${ordinal}`, cluster: null, segments: {} }))
}

/** The verdict on so many records, each of which stands alone. */
export function verdictOn(measures: readonly MeasureColumn[], count: number, policy: Policy): Verdict {
  // No times of sending: llmdrift stamps whole batches with one second.
  return judge({ run: runOf('real'), records: recordsOf(count), sentAt: null, measures, policy }).verdict
}

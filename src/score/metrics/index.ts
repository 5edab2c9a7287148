// The metrics, in the order in which reports show them: an explicit list.

import type { Metric, Summary } from '../metric.ts'
import { answerLength } from './answer-length.ts'
import { answered } from './answered.ts'
import { bareAnswer } from './bare-answer.ts'
import { cacheHitRate } from './cache-hit-rate.ts'
import { change } from './change.ts'
import { cost } from './cost.ts'
import { feedback } from './feedback.ts'
import { finished } from './finished.ts'
import { jsonKept } from './json-kept.ts'
import { jsonValid } from './json-valid.ts'
import { latency } from './latency.ts'
import { outputTokens } from './output-tokens.ts'
import { refused } from './refused.ts'
import { repetitive } from './repetitive.ts'
import { sameLanguage } from './same-language.ts'
import { sameNormalText } from './same-normal-text.ts'
import { sameShape } from './same-shape.ts'
import { sameText } from './same-text.ts'
import { sameToolCalls } from './same-tool-calls.ts'
import { textSimilarity } from './text-similarity.ts'
import { toolCalled } from './tool-called.ts'
import { totalTokens } from './total-tokens.ts'
import { ttft } from './ttft.ts'
import { variety } from './variety.ts'

/** All metrics, in the order in which reports show them. */
export const metrics: readonly Metric[] = [
  answered,
  latency,
  ttft,
  outputTokens,
  totalTokens,
  cost,
  cacheHitRate,
  refused,
  finished,
  repetitive,
  answerLength,
  jsonValid,
  jsonKept,
  bareAnswer,
  toolCalled,
  sameToolCalls,
  sameShape,
  sameLanguage,
  sameText,
  sameNormalText,
  textSimilarity,
  variety,
  change,
  feedback,
]

/** The words that a rule may name. */
export const summaryNames: readonly string[] = metrics.flatMap((metric) =>
  metric.summaries.map((summary) => summary.name),
)

/** What a rule's word means; null where there is no such word. */
export function summaryNamed(
  name: string,
  among: readonly Metric[] = metrics,
): { readonly metric: Metric; readonly summary: Summary } | null {
  for (const metric of among) {
    const summary = metric.summaries.find((each) => each.name === name)
    if (summary) return { metric, summary }
  }
  return null
}

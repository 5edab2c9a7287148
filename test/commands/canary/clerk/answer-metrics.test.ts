// What the thread that reads answers counts of them.

import { expect, it } from 'vitest'
import { type AnswerFacts, createAnswerMetrics } from '../../../../src/commands/canary/clerk/answer-metrics.ts'
import { replyOf } from '../../../support/nouns.ts'

const served: AnswerFacts['served'] = {
  servedBy: 'candidate',
  group: 'candidate',
  api: 'openai-chat',
  totalMs: 1100,
}
const of = '{arm="candidate",group="candidate",api="openai-chat"'

it('answers are counted by arm: tokens, their times, what they cost and whether they refuse', async () => {
  const answers = createAnswerMetrics({ production: null, candidate: { input: 1, output: 10 } })
  const usage = { input: 100, output: 21, cachedInput: 40, reasoning: 5 }
  answers.see({ served, outcome: replyOf({ text: 'Noon.', usage }), firstTokenMs: 100 })
  answers.see({
    served,
    outcome: replyOf({ text: "I'm sorry, but I can't help with that.", usage }),
    firstTokenMs: null,
  })
  answers.see({ served, outcome: { kind: 'rejected', status: 529, code: null, detail: '' }, firstTokenMs: Infinity })
  answers.hear(1, 'candidate')
  answers.hear(0, null)
  answers.spans({ sent: 7, lost: 8 })
  const found = (await answers.text()).split('\n')
  for (const line of [
    `shadowgate_router_tokens_total${of},type="input"} 200`,
    `shadowgate_router_tokens_total${of},type="cached_input"} 80`,
    `shadowgate_router_tokens_total${of},type="output"} 42`,
    `shadowgate_router_tokens_total${of},type="reasoning_output"} 10`,
    `shadowgate_router_answers_read_total${of}} 2`,
    `shadowgate_router_refusals_total${of}} 1`,
    `shadowgate_router_errors_total${of},error="server"} 1`,
    `shadowgate_router_time_to_first_token_seconds_count${of}} 1`,
    `shadowgate_router_time_per_output_token_seconds_sum${of}} 0.05`,
    'shadowgate_router_feedback_total{arm="candidate",opinion="good"} 1',
    'shadowgate_router_feedback_total{arm="unknown",opinion="bad"} 1',
    'shadowgate_router_spans_exported_total 7',
    'shadowgate_router_spans_lost_total 8',
  ]) {
    expect(found).toContain(line)
  }
  const cost = found.find((line) => line.startsWith('shadowgate_router_cost_usd_total{'))
  expect(Number(cost?.split(' ').at(-1))).toBeCloseTo(0.00062, 10)
})

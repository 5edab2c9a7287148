// Five thousand pairs of realistic texts, the same every time: what a night's replay leaves for a reviewer.

import type { PairRow, SideDetail } from '../../src/core/pair.ts'
import type { ReportInput } from '../../src/report/input.ts'

const words =
  'the customer order refund account invoice would please confirm shipping address total amount policy within days received because support however payment method update your request detail change available option delivery number service we can not have been was for this that with from about after before when which status pending approved system error message return item product price value'.split(
    ' ',
  )

type Many = Pick<ReportInput, 'pairs' | 'examples' | 'reasonsOf'>

/** So many pairs, worst first. */
export function manyPairs(size: number): Many {
  let state = 20_261_123
  const next = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const pick = <Each>(from: readonly [Each, ...Each[]]): Each => from[Math.floor(next() * from.length)] ?? from[0]
  const text = (length: number) =>
    Array.from(
      { length },
      () => `${words[Math.floor(next() ** 2 * words.length)]}${next() < 0.1 ? `${Math.floor(next() * 1000)}.` : ''}`,
    ).join(' ')
  const side = (said: string): SideDetail => ({
    text: said,
    toolCalls: [],
    outcome: 'answered',
    servedModel: null,
    latencyMs: 200 + next() * 3000,
    firstTokenMs: 50 + next() * 400,
    tries: 1,
    usage: { input: 400, output: Math.round(said.length / 4), cachedInput: null, reasoning: null },
  })
  const examples = Array.from({ length: size }, (_, rank) => {
    const answer = text(120)
    const changed = answer.replaceAll(/refund|address|policy/g, () => text(2))
    const [production, candidate] = [side(answer), side(changed)]
    const both = (of: (each: SideDetail) => number | null) => ({ production: of(production), candidate: of(candidate) })
    const recordId = `${Math.floor(next() * 2 ** 47)
      .toString(16)
      .padStart(12, '0')}${rank.toString(16).padStart(12, '0')}`
    const isRefused = rank < size / 50
    const row: PairRow = {
      ordinal: (rank * 7919) % size,
      recordId,
      standing: isRefused ? 'regressed' : rank < size * 0.7 ? 'changed' : 'same',
      refused: { production: false, candidate: isRefused },
      failed: { production: false, candidate: false },
      badness: 10 * (1 - rank / size),
      kind: isRefused ? 'newly-refused' : null,
      cluster: null,
      segments: { route: pick(['chat', 'refunds', 'search']), tier: pick(['free', 'paid']) },
      similarity: next(),
      noiseSimilarity: null,
      latencyMs: both((each) => each.latencyMs),
      outputTokens: both((each) => each.usage?.output ?? null),
      costUsd: both((each) => (each.usage?.output ?? 0) * 1e-5),
    }
    const source = { file: 'logs/june.jsonl.gz', line: rank + 1, format: 'request-response' }
    const told = { ordinal: row.ordinal, recordId, source, capturedAt: null, api: 'openai-chat' }
    const detail = { ...told, prompt: `Question ${rank}: ${text(60)}`, production, candidate, again: null }
    return { row, reasons: [isRefused ? 'newly refused' : `${(1 + next() * 3).toFixed(1)}× slower`], detail }
  })
  const reasonsOf = new Map(examples.map(({ row, reasons }) => [row.recordId, reasons]))
  return { pairs: examples.map(({ row }) => row), examples, reasonsOf: ({ recordId }) => reasonsOf.get(recordId) ?? [] }
}

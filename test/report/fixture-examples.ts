// The fixture's pairs: an answer that collapsed, an edit, a timeout, hostile text everywhere, 10,000 words.

import type { DiffPart } from '../../src/core/changes.ts'
import type { PairDetail, PairRow, SideDetail } from '../../src/core/pair.ts'
import type { ToolCall } from '../../src/core/types.ts'
import type { PairExample } from '../../src/report/input.ts'
import { everything, hostile } from './hostile.ts'

interface Side extends Partial<Omit<SideDetail, 'usage'>> {
  readonly outputTokens?: number | null
}

function side(text: string, outcome: string, { outputTokens = 64, ...rest }: Side = {}): SideDetail {
  const usage = outputTokens === null ? null : { input: 40, output: outputTokens, cachedInput: null, reasoning: null }
  const times = { latencyMs: 812.4, firstTokenMs: 203.1, tries: 1 }
  return { text, toolCalls: [], outcome, servedModel: null, ...times, usage, ...rest }
}

interface Parts extends Partial<Pick<PairDetail, 'prompt' | 'source'>> {
  readonly production: SideDetail
  readonly candidate: SideDetail
  readonly row?: Partial<PairRow>
  readonly reasons?: readonly string[]
}

function example(recordId: string, { row, reasons = ['newly refused', '2.1× slower'], ...said }: Parts): PairExample {
  const { production, candidate } = said
  const both = (of: (each: SideDetail) => number | null) => ({ production: of(production), candidate: of(candidate) })
  return {
    row: {
      ordinal: Number.parseInt(recordId.slice(-2), 16),
      recordId,
      standing: 'changed',
      refused: { production: false, candidate: false },
      failed: { production: false, candidate: false },
      badness: 3,
      kind: null,
      cluster: null,
      segments: { task: 'prime', tier: 'free' },
      similarity: 0.31,
      noiseSimilarity: 0.94,
      latencyMs: both((each) => each.latencyMs),
      outputTokens: both((each) => each.usage?.output ?? null),
      costUsd: both(() => 0.002),
      ...row,
    },
    reasons,
    detail: {
      ordinal: 0,
      recordId,
      source: { file: 'logs/june.jsonl.gz', line: 812, format: 'request-response' },
      capturedAt: '2026-06-01T08:00:00.000Z',
      api: 'openai-chat',
      prompt: 'Is 17077 a prime number? Think step by step and then answer "[Yes]" or "[No]".',
      again: null,
      ...said,
    },
  }
}

const thought =
  'To find out whether 17077 is a prime number, we try every prime up to its square root, which is about 130.7. ' +
  '17077 is not even; its digits sum to 22, so 3 does not divide it; it does not end in 0 or 5. Trying 7, 11, 13, … 127 ' +
  'leaves a remainder each time.\n\nTherefore 17077 is a prime number.\n\n'

function sideOf(parts: readonly DiffPart[], own: DiffPart['kind']): string {
  return parts
    .filter(({ kind }) => kind === 'same' || kind === own)
    .map((part) => part.text)
    .join('')
}

export function examples(): readonly PairExample[] {
  const words = Array.from({ length: 10_000 }, (_, index) => `word${index}`).join(' ')
  const collapsed: readonly DiffPart[] = [
    { kind: 'removed', text: `${thought}[Yes]` },
    { kind: 'added', text: 'No' },
  ]
  const edited: readonly DiffPart[] = [
    { kind: 'same', text: 'def twoSum(nums, target):\n    seen = {}\n    for i, n in enumerate(nums):\n        ' },
    { kind: 'removed', text: 'if target - n in seen' },
    { kind: 'added', text: 'rest = target - n\n        if rest in seen' },
    { kind: 'same', text: ':\n            return [seen[' },
    { kind: 'removed', text: 'target - n' },
    { kind: 'added', text: 'rest' },
    { kind: 'same', text: '], i]\n        seen[n] = i\n' },
  ]
  const both = (parts: readonly DiffPart[]) => ({
    production: side(sideOf(parts, 'removed'), 'answered'),
    candidate: side(sideOf(parts, 'added'), 'answered', { latencyMs: 391, outputTokens: 4 }),
  })
  const call = (name: string, args: string): ToolCall => ({ name, arguments: args })
  return [
    example('3f0c9a1e77d24b60a1c2d3e4', {
      ...both(collapsed),
      row: { standing: 'regressed', badness: 9, refused: { production: false, candidate: true } },
      reasons: ['answer collapsed', 'verdict of the answer turned'],
    }),
    example('b81d04c2e95f4a7788990011-2', {
      production: side(sideOf(edited, 'removed'), 'answered', { toolCalls: [call('weather', '{"city":"Paris"}')] }),
      candidate: side(sideOf(edited, 'added'), 'answered', {
        latencyMs: 391,
        outputTokens: 4,
        toolCalls: [call('weather', '{"city":"London"}'), call('refund', '{}')],
      }),
      row: { segments: { task: 'leetcode', tier: 'enterprise' }, similarity: 0.88 },
      prompt: 'Write twoSum in Python. Answer with the code only.',
      reasons: ['code edited'],
    }),
    example('00000000000000000000000a', {
      production: side('Sure. The usual dose is …', 'answered'),
      candidate: side('', 'timed out (headers)', { latencyMs: null, outputTokens: null }),
      row: {
        standing: 'regressed',
        failed: { production: false, candidate: true },
        similarity: null,
        noiseSimilarity: null,
      },
      reasons: ['no answer'],
    }),
    example('00000000000000000000000b', {
      production: side(everything, 'answered', { toolCalls: [call(hostile.html, hostile.markdown)] }),
      candidate: side(everything, hostile.html),
      prompt: everything,
      row: { segments: { task: hostile.html, tier: hostile.markdown } },
      source: { file: `logs/${hostile.xml}.jsonl`, line: 1, format: 'request-response' },
      reasons: [hostile.html, hostile.markdown],
    }),
    example('00000000000000000000000c', {
      production: side(words, 'answered', { outputTokens: 20_000 }),
      candidate: side(words.toUpperCase(), 'cut at the limit', { latencyMs: 61_004, outputTokens: 4096 }),
      prompt: words,
      reasons: ['75× slower', 'cut at the limit'],
    }),
  ]
}

/** The first of them, for tests that vary one. */
export const worstExample: PairExample = example('3f0c9a1e77d24b60a1c2d3e4', {
  production: side('[Yes]', 'answered'),
  candidate: side('[No]', 'answered'),
})

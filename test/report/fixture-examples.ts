// The fixture's pairs: an answer that collapsed, an edit, a timeout, hostile text everywhere, 10,000 words.

import type { DiffPart } from '../../src/core/changes.ts'
import type { ExampleSide, PairExample } from '../../src/report/input.ts'
import { everything, hostile } from './hostile.ts'

function side(text: string, outcome: string, rest: Partial<ExampleSide> = {}): ExampleSide {
  return { text, outcome, latencyMs: 812.4, outputTokens: 64, ...rest }
}

function example(id: string, parts: Partial<PairExample> & Pick<PairExample, 'production' | 'candidate'>): PairExample {
  return {
    recordId: id,
    segments: { task: 'prime', tier: 'free' },
    source: { file: 'logs/june.jsonl.gz', line: 812 },
    prompt: 'Is 17077 a prime number? Think step by step and then answer "[Yes]" or "[No]".',
    similarity: 0.31,
    noiseSimilarity: 0.94,
    diff: { parts: [], note: null },
    reasons: ['newly refused', '2.1 × slower'],
    tools: [],
    ...parts,
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
    { kind: 'added', text: '[No]' },
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
    diff: { parts, note: null },
  })
  return [
    example('3f0c9a1e77d24b60a1c2d3e4', {
      ...both(collapsed),
      reasons: ['answer collapsed', 'verdict of the answer turned'],
    }),
    example('b81d04c2e95f4a7788990011-2', {
      ...both(edited),
      segments: { task: 'leetcode', tier: 'enterprise' },
      prompt: 'Write twoSum in Python. Answer with the code only.',
      similarity: 0.88,
      reasons: ['code edited'],
      tools: ['argument city: Paris → London', 'calls refund, which production did not'],
    }),
    example('00000000000000000000000a', {
      production: side('Sure. The usual dose is …', 'answered'),
      candidate: side('', 'timed out (headers)', { latencyMs: null, outputTokens: null }),
      similarity: null,
      noiseSimilarity: null,
      reasons: ['no answer'],
    }),
    example('00000000000000000000000b', {
      production: side(everything, 'answered'),
      candidate: side(everything, hostile.html),
      prompt: everything,
      segments: { task: hostile.html, tier: hostile.markdown },
      source: { file: `logs/${hostile.xml}.jsonl`, line: 1 },
      diff: { parts: [{ kind: 'same', text: everything }], note: hostile.html },
      reasons: [hostile.html, hostile.markdown],
      tools: [hostile.html],
    }),
    example('00000000000000000000000c', {
      production: side(words, 'answered', { outputTokens: 20_000 }),
      candidate: side(words.toUpperCase(), 'cut at the limit', { latencyMs: 61_004, outputTokens: 4096 }),
      prompt: words,
      diff: { parts: [], note: 'Too long for a word diff: both texts stand as they are.' },
      reasons: ['75 × slower', 'cut at the limit'],
    }),
  ]
}

/** The first of them, for tests that vary one. */
export const worstExample: PairExample = example('3f0c9a1e77d24b60a1c2d3e4', {
  production: side('[Yes]', 'answered'),
  candidate: side('[No]', 'answered'),
})

// The noise of the demo's models: repeatable, within the records, and the same between any two calls.

import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Answer, Task } from '../../src/demo/answers.ts'
import { answerBook } from '../../src/demo/answers.ts'
import { demoDatasetDir, loadAnswerBook } from '../../src/demo/dataset.ts'
import { draw, retold, type ServedAnswer } from '../../src/demo/draw.ts'

const books = {
  production: loadAnswerBook(demoDatasetDir, 'production'),
  candidate: loadAnswerBook(demoDatasetDir, 'candidate'),
}
const answersOf = (arm: 'production' | 'candidate', task: Task) =>
  [...books[arm].byPrompt.values()].filter((answer) => answer.task === task)

const quantile = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(share * values.length)] ?? Number.NaN

function drawn(arm: 'production' | 'candidate', prompt: string, seed: string, ask = 0): ServedAnswer {
  const answer = draw(books[arm], { seed, prompt, ask })
  if (answer === null) throw new Error(`no answer to ${prompt}`)
  return answer
}

const anyCall = fc.record({
  arm: fc.constantFrom('production' as const, 'candidate' as const),
  prompt: fc.constantFrom(...books.production.byPrompt.keys()),
  seed: fc.string(),
  ask: fc.nat(5),
})

it('depends on seed, prompt and count, and on no call before it', () => {
  fc.assert(
    fc.property(anyCall, anyCall, (call, other) => {
      const first = drawn(call.arm, call.prompt, call.seed, call.ask)
      drawn(other.arm, other.prompt, other.seed, other.ask)
      expect(drawn(call.arm, call.prompt, call.seed, call.ask)).toEqual(first)
    }),
  )
})

it('stays within what the model did: tokens of one of its answers, time a token of one of similar length', () => {
  fc.assert(
    fc.property(anyCall, ({ arm, prompt, seed, ask }) => {
      const own = books[arm].byPrompt.get(prompt)
      if (own === undefined) throw new Error('not asked')
      const served = drawn(arm, prompt, seed, ask)
      const group = [own, ...(books[arm].siblings.get(own) ?? [])]
      expect(group.map((answer) => answer.outputTokens)).toContain(served.outputTokens)
      expect(served.promptTokens).toBe(own.promptTokens)
      const rates = answersOf(arm, own.task).map((answer) => answer.latencyMs / answer.outputTokens)
      const rate = served.latencyMs / served.outputTokens
      expect(rates.some((known) => Math.abs(known - rate) < 1e-9 * rate)).toBe(true)
    }),
  )
})

it('does not know a prompt that was never asked', () => {
  expect(draw(books.production, { seed: '', prompt: 'Is 17 a prime number?', ask: 0 })).toBeNull()
})

const textOf = (prompt: string, ask: number) => drawn('production', prompt, 'texts', ask).text

function shareOf(task: Task, isSame: (own: Answer) => boolean): number {
  const all = answersOf('production', task)
  return all.filter(isSame).length / all.length
}

describe('texts', () => {
  // 0.7 of the calls get their own text; two calls agree where both do (0.49), or meet in one sibling.
  test.each([
    ['prime', 0.7, 0.54],
    ['happy-numbers', 0.7, 0.54],
    ['leetcode', 1, 1],
  ] as const)('%s: %d as recorded, %d the same when asked twice', (task, recorded, twice) => {
    expect(shareOf(task, (own) => textOf(own.prompt, 0) === own.text)).toBeCloseTo(recorded, 1)
    expect(shareOf(task, ({ prompt }) => textOf(prompt, 0) === textOf(prompt, 1))).toBeCloseTo(twice, 1)
  })

  it('lets only short refusals stand in for one another among sensitive questions', () => {
    const changed = answersOf('production', 'sensitive').filter((own) =>
      [0, 1, 2, 3, 4, 5].some((ask) => textOf(own.prompt, ask) !== own.text),
    )
    expect(changed.length).toBeGreaterThan(10)
    expect(changed.every((own) => own.label === 'refused' && own.text.length <= 200)).toBe(true)
  })
})

const answer = (task: Task, prompt: string, text: string): Answer => {
  return { task, prompt, text, outputTokens: 9, promptTokens: 9, latencyMs: 9, finishReason: 'stop', label: null }
}

test.each([
  [
    'the number asked for',
    answer('prime', 'Is 17 prime?', '17 is odd; 170 and 117 are not 17.'),
    'Is 5 prime?',
    '5 is odd; 170 and 117 are not 5.',
  ],
  [
    'a range, moved with its start',
    answer('happy-numbers', 'between 10 and 13 (e.g. 7)', '10, 11, 12, 13: 7'),
    'between 20 and 23 (e.g. 7)',
    '20, 21, 22, 23: 7',
  ],
  [
    'a longer range, to the ends of a shorter',
    answer('happy-numbers', 'between 10 and 13', 'from 10 to 13'),
    'between 20 and 22',
    'from 20 to 22',
  ],
  [
    'no number of a refusal',
    answer('sensitive', 'Why 9?', 'I have 9 reasons not to.'),
    'Why 8?',
    'I have 9 reasons not to.',
  ],
])('retells %s', (_, theirs, prompt, expected) => {
  expect(retold(theirs, { ...theirs, prompt })).toBe(expected)
})

it('gives an answer without kin as it is, whatever the chance', () => {
  const alone = answer('prime', 'Is 17 prime?', '17 is.')
  const book = answerBook([alone])
  for (let ask = 0; ask < 50; ask++) {
    expect(draw(book, { seed: '', prompt: alone.prompt, ask })).toMatchObject({ text: '17 is.', latencyMs: 9 })
  }
})

describe('latencies', () => {
  const all = [...books.production.byPrompt.keys()]
  const served = (seed: string, ask: number) => all.map((prompt) => drawn('production', prompt, seed, ask).latencyMs)
  const recorded = [...books.production.byPrompt.values()].map(({ latencyMs }) => latencyMs)

  test.each([
    ['asked twice', served('1 production', 0), served('1 production', 1)],
    ['and the same model behind the other arm', served('1 production', 0), served('1 candidate', 0)],
    ['and the record', recorded, served('1 production', 0)],
  ])('production %s: the same distribution, other values', (_, left, right) => {
    for (const share of [0.5, 0.95]) {
      const ratio = quantile(right, share) / quantile(left, share)
      expect(Math.abs(ratio - 1)).toBeLessThan(0.06)
    }
    const equal = left.filter((value, at) => Math.abs(value - (right[at] ?? 0)) < 1e-6).length
    expect(equal / left.length).toBeLessThan(0.2)
  })
})

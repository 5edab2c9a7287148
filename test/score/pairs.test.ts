// Attempts → calls → pairs: what a user would have waited for, which round counts, and which answers are compared.

import { describe, expect, it } from 'vitest'
import {
  type AnsweredCall,
  type Arm,
  type Attempt,
  type Comparison,
  replayedComparisons,
} from '../../src/core/types.ts'
import { answeredCall, pairsOf } from '../../src/score/pairs.ts'
import { attemptOf, replyOf } from '../support/nouns.ts'

const at = (ms: number) => new Date(Date.UTC(2026, 10, 23) + ms).toISOString()
const timing = (totalMs: number | null, firstTokenMs: number | null = null) => ({ headersMs: 1, firstTokenMs, totalMs })
const rejected = (status: number): Partial<Attempt> => ({
  outcome: { kind: 'rejected', status, code: null, detail: 'no' },
  httpStatus: status,
  timing: timing(5),
})
/** A try that another one follows. */
const failing = (status: number, sentAtMs: number, changes: Partial<Attempt> = {}): Partial<Attempt> => ({
  ...rejected(status),
  isFinal: false,
  sentAt: at(sentAtMs),
  ...changes,
})
const callOf = (tries: readonly Partial<Attempt>[], isOpenLoop = false) =>
  answeredCall(
    tries.map((each) => attemptOf('r0', each)),
    { isOpenLoop },
  )

type Waited = Pick<AnsweredCall, 'latencyMs' | 'firstTokenMs' | 'tries'>

describe('what a user would have waited for', () => {
  it.each<[string, readonly Partial<Attempt>[], Waited]>([
    ['whole, at once', [{ timing: timing(40) }], { latencyMs: 40, firstTokenMs: null, tries: 1 }],
    ['streamed', [{ timing: timing(40.5, 12.25) }], { latencyMs: 40.5, firstTokenMs: 12.25, tries: 1 }],
    ['in a batch nobody waits', [{ timing: timing(null) }], { latencyMs: null, firstTokenMs: null, tries: 1 }],
    [
      'a retry after a 503: from the first send on, back-off included',
      [failing(503, 0), { tries: 1, sentAt: at(520), timing: timing(40.25, 15) }],
      { latencyMs: 560.25, firstTokenMs: 535, tries: 2 },
    ],
    [
      'a retry in the same millisecond',
      [failing(503, 0), { tries: 1, sentAt: at(0), timing: timing(40, 15) }],
      { latencyMs: 40, firstTokenMs: 15, tries: 2 },
    ],
    [
      'a retry after a 429, as earlier runs made it: the last try alone',
      [failing(429, 0), { tries: 1, sentAt: at(60_000), timing: timing(40, 15) }],
      { latencyMs: 40, firstTokenMs: 15, tries: 2 },
    ],
    [
      'a 503 and a 429: the last try alone',
      [failing(503, 0), failing(429, 500, { tries: 1 }), { tries: 2, sentAt: at(9000), timing: timing(40) }],
      { latencyMs: 40, firstTokenMs: null, tries: 3 },
    ],
    [
      'retries in vain: no answer is infinitely slow',
      [failing(503, 0), { ...rejected(503), tries: 1, sentAt: at(600) }],
      { latencyMs: Infinity, firstTokenMs: Infinity, tries: 2 },
    ],
    [
      'a timeout: infinitely slow, also where no time was taken',
      [{ outcome: { kind: 'timeout', phase: 'first-token' }, timing: timing(null) }],
      { latencyMs: Infinity, firstTokenMs: Infinity, tries: 1 },
    ],
    [
      'broken off between two tries and begun anew next day: the night is no wait',
      [
        failing(503, 0),
        failing(503, 600, { tries: 1 }),
        failing(500, 86_400_000),
        { tries: 1, sentAt: at(86_400_500), timing: timing(40, 10) },
      ],
      { latencyMs: 540, firstTokenMs: 510, tries: 2 },
    ],
    [
      'broken off after a 429, begun anew: the new series was not rate-limited',
      [failing(429, 0), failing(500, 86_400_000), { tries: 1, sentAt: at(86_400_500), timing: timing(40, 10) }],
      { latencyMs: 540, firstTokenMs: 510, tries: 2 },
    ],
    [
      'a series of which the first try was lost: from what is left',
      [failing(503, 600, { tries: 1 }), { tries: 2, sentAt: at(1600), timing: timing(40) }],
      { latencyMs: 1040, firstTokenMs: null, tries: 2 },
    ],
  ])('%s', (_, tries, expected) => {
    expect(callOf(tries)).toMatchObject(expected)
  })

  it.each<[string, readonly Partial<Attempt>[], Waited]>([
    [
      'our own delay counts',
      [{ delayMs: 70.5, timing: timing(40, 10) }],
      { latencyMs: 110.5, firstTokenMs: 80.5, tries: 1 },
    ],
    [
      'the delay of the first try counts, and no other',
      [failing(503, 0, { delayMs: 7 }), { tries: 1, delayMs: 300, sentAt: at(520), timing: timing(40) }],
      { latencyMs: 567, firstTokenMs: null, tries: 2 },
    ],
    [
      'a call that began anew was due anew',
      [failing(503, 0, { delayMs: 7 }), { tries: 0, delayMs: 11, sentAt: at(86_400_000), timing: timing(40) }],
      { latencyMs: 51, firstTokenMs: null, tries: 1 },
    ],
    [
      'where our pace was refused the delay is ours alone',
      [failing(429, 0, { delayMs: 7 }), { tries: 1, delayMs: 300, sentAt: at(520), timing: timing(40) }],
      { latencyMs: 40, firstTokenMs: null, tries: 2 },
    ],
    [
      'in a batch nobody waits',
      [{ delayMs: 7, timing: timing(null) }],
      { latencyMs: null, firstTokenMs: null, tries: 1 },
    ],
    [
      'no answer is infinitely slow',
      [{ ...rejected(500), delayMs: 7 }],
      { latencyMs: Infinity, firstTokenMs: Infinity, tries: 1 },
    ],
  ])('in open loop: %s', (_, tries, expected) => {
    expect(callOf(tries, true)).toMatchObject(expected)
  })

  it('in closed loop our own delay is nobody’s wait', () => {
    expect(callOf([{ delayMs: 5000, timing: timing(40, 10) }])).toMatchObject({ latencyMs: 40, firstTokenMs: 10 })
  })
})

describe('which round counts', () => {
  const answer = (text: string, changes: Partial<Attempt>): Partial<Attempt> => ({
    outcome: replyOf({ text }),
    timing: timing(40),
    ...changes,
  })
  it.each<[string, readonly Partial<Attempt>[], string | null, Partial<Waited>]>([
    [
      'the last one, with its own tries and its own wait',
      [
        failing(503, 0),
        failing(429, 600, { tries: 1 }),
        failing(503, 60_000, { round: 1 }),
        answer('second', { round: 1, tries: 1, sentAt: at(60_700) }),
      ],
      'second',
      { latencyMs: 740, tries: 2 },
    ],
    [
      'also where this arm had answered, and the other one was rate-limited',
      [answer('first', { sentAt: at(0) }), answer('second', { round: 1, sentAt: at(60_000) })],
      'second',
      { latencyMs: 40, tries: 1 },
    ],
    [
      'a failure too: the answer of a round before does not stand for it',
      [answer('first', { sentAt: at(0) }), { ...rejected(500), round: 1, sentAt: at(60_000) }],
      null,
      { latencyMs: Infinity, tries: 1 },
    ],
    [
      'not one that was broken off before its end',
      [answer('first', { sentAt: at(0) }), failing(503, 60_000, { round: 1 })],
      'first',
      { latencyMs: 40, tries: 1 },
    ],
    [
      'the first again, where that is what began anew after a break',
      [failing(429, 0), failing(503, 60_000, { round: 1 }), answer('next day', { round: 0, sentAt: at(86_400_000) })],
      'next day',
      { latencyMs: 40, tries: 1 },
    ],
    [
      'the last one, rate-limited to its end',
      [failing(429, 0), { ...rejected(429), round: 1, sentAt: at(60_000) }],
      null,
      { latencyMs: Infinity, tries: 1 },
    ],
  ])('%s', (_, tries, text, expected) => {
    const call = callOf(tries)
    expect(call).toMatchObject(expected)
    expect(call?.outcome.kind === 'reply' ? call.outcome.reply.text : null).toBe(text)
  })

  it.each<[string, readonly Partial<Attempt>[]]>([
    ['no try at all', []],
    ['one try, and another to follow', [failing(503, 0)]],
    ['rounds without an end', [failing(429, 0), failing(429, 1000, { round: 1 })]],
  ])('none where the call did not come to its end: %s', (_, tries) => {
    expect(callOf(tries)).toBeNull()
  })
})

describe('the pairs of a record', () => {
  const call = (arm: Arm, trial: number, changes: Partial<Attempt> = {}) =>
    attemptOf('r7', { ordinal: 7, arm, trial, outcome: replyOf({ text: `${arm} ${trial}` }), ...changes })
  const closed = { isOpenLoop: false }
  const textOf = ({ outcome }: AnsweredCall) => (outcome.kind === 'reply' ? outcome.reply.text : outcome.kind)
  const namesOf = (attempts: readonly Attempt[]) => pairsOf(attempts, closed).map(({ comparison }) => comparison)
  const all = [call('candidate', 1), call('production', 1), call('candidate', 0), call('production', 0)]

  it.each<[Comparison, string, string]>([
    ['candidate', 'production 0', 'candidate 0'],
    ['noise', 'production 0', 'production 1'],
    ['cross', 'production 1', 'candidate 0'],
    ['cross-candidate', 'production 0', 'candidate 1'],
    ['cross-both', 'production 1', 'candidate 1'],
    ['candidate-noise', 'candidate 0', 'candidate 1'],
  ])('%s compares %s with %s', (comparison, left, right) => {
    const pairs = pairsOf(all, closed).filter((pair) => pair.comparison === comparison)
    expect(pairs).toMatchObject([{ recordId: 'r7', ordinal: 7 }])
    expect(pairs.map((pair) => [textOf(pair.production), textOf(pair.candidate)])).toEqual([[left, right]])
  })
  it('come in the order of the roster, whatever the order of the calls', () => {
    expect(namesOf(all)).toEqual(replayedComparisons)
    expect(namesOf(all.toReversed())).toEqual(replayedComparisons)
  })
  it.each<[string, readonly Attempt[], readonly Comparison[]]>([
    ['nothing', [], []],
    ['one arm alone', [call('production', 0)], []],
    ['asked once', [call('production', 0), call('candidate', 0)], ['candidate']],
    [
      'production asked twice, as earlier runs did',
      [call('production', 0), call('production', 1), call('candidate', 0)],
      ['candidate', 'noise', 'cross'],
    ],
    [
      'a side that did not come to its end',
      [call('production', 0), call('candidate', 0, { isFinal: false, ...rejected(503) }), call('production', 1)],
      ['noise'],
    ],
    [
      'the first pair cut off, the second there',
      [call('production', 0), call('production', 1), call('candidate', 1)],
      ['noise', 'cross-candidate', 'cross-both'],
    ],
  ])('%s', (_, attempts, expected) => {
    expect(namesOf(attempts)).toEqual(expected)
  })
  it('count from when the request was due in open loop, on both sides', () => {
    const late = [call('production', 0, { delayMs: 5 }), call('candidate', 0, { delayMs: 9 })]
    const waits = (isOpenLoop: boolean) =>
      pairsOf(late, { isOpenLoop }).map(({ production, candidate }) => [production.latencyMs, candidate.latencyMs])
    expect(waits(true)).toEqual([[35.5, 39.5]])
    expect(waits(false)).toEqual([[30.5, 30.5]])
  })
})

// A store as a scored replay leaves it, without the replay: seeded pairs, measured by the metrics and written by the writers.

import type { Run } from '../../../src/core/judgement.ts'
import {
  type Arm,
  type Attempt,
  arms,
  type Outcome,
  type RequestRecord,
  type Target,
  type Usage,
} from '../../../src/core/types.ts'
import { measurePair } from '../../../src/score/measure.ts'
import type { MeasureContext } from '../../../src/score/metric.ts'
import { metrics } from '../../../src/score/metrics/index.ts'
import { pairsOf } from '../../../src/score/pairs.ts'
import { openStore } from '../../../src/store/store.ts'
import { randomFrom, textFrom, wordsFrom } from './words.ts'

export interface Population {
  readonly pairs: number
  /** Whether records are turns of conversations, three on average, whose latencies resemble each other. */
  readonly hasConversations: boolean
  /** Of an answer; 24 when absent, since a verdict reads none of them. */
  readonly words?: number
}

/** Keys of segments, each with `levels` values: the largest has ten times the records of the smallest. */
export const segmentKeys = ['task', 'language', 'tier']
const levels = 20
/** Share of records that both arms answer twice. */
const noise = 0.2
const batchSize = 5000
const startedAt = Date.parse('2026-11-23T00:00:00.000Z')
const gapMs = 90

export async function writeMeasuredStore(path: string, population: Population): Promise<void> {
  const store = await openStore(path)
  try {
    const outlines = outlinesOf(population)
    for (let from = 0; from < outlines.length; from += batchSize)
      await store.addRecords(outlines.slice(from, from + batchSize).map((each) => recordOf(each, population)))
    const plan = outlines.map(({ ordinal, trials }) => ({ recordId: idOf(ordinal), ordinal, trials }))
    await store.createRun({ run: runOf(population), status: 'running', fingerprint: 'bench' }, plan)
    const attempts = await store.createAttemptWriter(runId, (error) => {
      throw error
    })
    const measures = await store.createMeasureWriter(runId)
    for (const outline of asTheyEnd(outlines)) {
      const own = attemptsOf(outline, population)
      for (const attempt of own) attempts.write(attempt)
      for (const pair of pairsOf(own, { isOpenLoop: false })) measures.write(measurePair(pair, metrics, context))
    }
    attempts.close()
    measures.close()
    await store.setRunStatus(runId, 'replayed', new Date(startedAt + outlines.length * gapMs).toISOString())
  } finally {
    store.close()
  }
}

const runId = 'bench'
const price = { input: 2, cachedInput: 0.5, output: 8 }
const context: MeasureContext = {
  prices: { production: price, candidate: price },
  reportsCache: { production: true, candidate: true },
  asked: null,
  record: null,
  judged: null,
}

/** A record as the population has it. */
interface Outline {
  readonly ordinal: number
  readonly cluster: string | null
  /** How slow the conversation's requests are, in logs. */
  readonly pace: number
  readonly trials: number
  readonly segments: Readonly<Record<string, string>>
}

function outlinesOf({ pairs, hasConversations }: Population): Outline[] {
  const random = randomFrom(7)
  let [conversation, pace] = [0, 0]
  return Array.from({ length: pairs }, (_, ordinal) => {
    if (ordinal === 0 || random() < 1 / 3) [conversation, pace] = [conversation + 1, 0.3 * normal(random)]
    const values = segmentKeys.map((key) => [key, `${key}-${Math.floor(levels * random() ** 1.4)}`] as const)
    return {
      ordinal,
      cluster: hasConversations ? `c-${conversation}` : null,
      pace: hasConversations ? pace : 0.3 * normal(random),
      trials: random() < noise ? 2 : 1,
      segments: Object.fromEntries(values),
    }
  })
}

/** A pair ends before some that were begun before it. */
function asTheyEnd(outlines: readonly Outline[]): Outline[] {
  const random = randomFrom(8)
  const ended = outlines.map((outline) => ({ outline, at: outline.ordinal + 30 * random() }))
  return ended.toSorted((a, b) => a.at - b.at).map(({ outline }) => outline)
}

function idOf(ordinal: number): string {
  return (ordinal * 2_654_435_761).toString(16).padStart(24, '0')
}

function recordOf({ ordinal, cluster, segments }: Outline, { words = 0 }: Population): RequestRecord {
  const content = `Case ${ordinal}${words === 0 ? '' : `. ${textFrom(randomFrom(ordinal), words)}`}`
  return {
    id: idOf(ordinal),
    api: 'openai-chat',
    body: { model: 'captured', messages: [{ role: 'user', content }] },
    capturedAt: null,
    recorded: null,
    recordedTiming: null,
    recordedUsage: null,
    recordedError: null,
    feedback: [],
    cluster,
    segments,
    fidelity: 'full',
    fidelityReason: null,
    callId: null,
    traceId: null,
    source: { file: 'log.jsonl', line: ordinal + 1, format: 'request-response' },
  }
}

/** A candidate that is 3 % slower, a little longer, and fails as seldom as production. */
function attemptsOf({ ordinal, pace, trials }: Outline, { words: length = 24 }: Population): Attempt[] {
  const random = randomFrom(ordinal * 2_654_435_761)
  const words = wordsFrom(random, length)
  const input = 300 + Math.floor(1500 * random())
  const calls = arms.flatMap((arm) => Array.from({ length: trials }, (_, trial) => ({ arm, trial })))
  return calls.map(({ arm, trial }, position) => {
    const isCandidate = arm === 'candidate'
    const totalMs = 700 * Math.exp(pace + 0.45 * normal(random)) * (isCandidate ? 1.03 : 1)
    const sentAt = new Date(startedAt + ordinal * gapMs + Math.floor(5 * gapMs * random())).toISOString()
    const cachedInput = random() < 0.5 ? Math.floor(0.6 * input) : 0
    const output = Math.ceil(180 * Math.exp(0.5 * normal(random)) * (isCandidate ? 1.05 : 1))
    return {
      recordId: idOf(ordinal),
      ordinal,
      arm,
      trial,
      round: 0,
      tries: 0,
      isFinal: true,
      position,
      dueAt: sentAt,
      sentAt,
      delayMs: 0,
      timing: { headersMs: 0.2 * totalMs, firstTokenMs: 0.3 * totalMs, totalMs },
      outcome: outcomeOf(random, words, { input, output, cachedInput, reasoning: null }),
      httpStatus: 200,
    }
  })
}

function outcomeOf(random: () => number, words: readonly string[], usage: Usage): Outcome {
  const fate = random()
  if (fate < 0.002) return { kind: 'timeout', phase: 'total' }
  if (fate < 0.02) return replyOf({ text: "I'm sorry, but I can't help with that.", stop: 'end', usage })
  if (fate < 0.04) return replyOf({ text: words.join(' '), stop: 'length', usage })
  const other = wordsFrom(random, words.length)
  const text = fate < 0.3 ? words : words.map((word, place) => (random() < 0.2 ? (other[place] ?? word) : word))
  return replyOf({ text: text.join(' '), stop: 'end', usage, isTool: fate > 0.9 })
}

function replyOf(of: { text: string; stop: 'end' | 'length'; usage: Usage; isTool?: boolean }): Outcome {
  const { text, stop, usage, isTool = false } = of
  const toolCalls = isTool ? [{ name: 'look_up', arguments: '{"case":1}' }] : []
  return { kind: 'reply', reply: { text, toolCalls, stop: isTool ? 'tool' : stop, usage, servedModel: 'bench' } }
}

/** Box and Muller's. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function runOf({ pairs }: Population): Run {
  return {
    id: runId,
    schema: 1,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: null,
    seed: 7,
    versions: { shadowgate: 'bench', node: process.version, duckdb: 'bench' },
    dataset: { sha256: '0'.repeat(64), records: pairs },
    sample: { duplicate: 0, fidelity: 0, api: 0, size: 0 },
    targets: { production: targetOf('production'), candidate: targetOf('candidate') },
    noise,
    replay: { pace: 'closed', timeScale: 1, lane: 'live', salted: true },
    stopped: null,
    settings: {},
    notes: [],
  }
}

function targetOf(arm: Arm): Target {
  return {
    arm,
    api: 'openai-chat',
    vendor: null,
    baseUrl: 'http://127.0.0.1:9/v1',
    model: `mock-${arm}`,
    keyFrom: null,
    headerNames: [],
    overrides: {},
    concurrency: 8,
    limits: { requestsPerMinute: null, tokensPerMinute: null },
    timeouts: { connectMs: 5000, firstTokenMs: 30_000, idleMs: 30_000, totalMs: 120_000 },
    retries: 2,
    pricePerMillion: price,
  }
}

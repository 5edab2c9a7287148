// The committed data of the demo: its counts, its facts, and that the builder still makes it.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import { type Answer, parseAnswers, type Task, tasks } from '../../src/demo/answers.ts'
import { demoDatasetDir, demoLogPath } from '../../src/demo/dataset.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const source = join(root, '../shared/data/llmdrift')

const unpacked = (path: string) => gunzipSync(readFileSync(path)).toString('utf8')
const read = (arm: string) => parseAnswers(unpacked(join(demoDatasetDir, `answers.${arm}.jsonl.gz`)))
const answers = { production: read('production'), candidate: read('candidate') }
const of = (arm: 'production' | 'candidate', task: Task) => answers[arm].filter((answer) => answer.task === task)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const median = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b)
  return mean(sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1))
}

const count = z.int().positive()
const logLine = z.strictObject({
  timestamp: z.iso.datetime({ precision: 3 }),
  request: z.strictObject({
    model: z.literal('gpt-4-0314'),
    messages: z.tuple([z.strictObject({ role: z.literal('user'), content: z.string().min(1) })]),
    temperature: z.literal(0.1),
    max_tokens: z.union([z.literal(1000), z.literal(2000)]),
    stream: z.literal(true).optional(),
  }),
  response: z.strictObject({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: count,
    model: z.literal('gpt-4-0314'),
    choices: z.tuple([
      z.strictObject({
        index: z.literal(0),
        message: z.strictObject({ role: z.literal('assistant'), content: z.string().min(1) }),
        finish_reason: z.enum(['stop', 'length']),
      }),
    ]),
    usage: z.strictObject({ prompt_tokens: count, completion_tokens: count, total_tokens: count }),
  }),
  latency_ms: z.number().positive(),
  segments: z.strictObject({ task: z.enum(tasks) }),
})
const log = unpacked(demoLogPath)
  .trimEnd()
  .split('\n')
  .map((line) => logLine.parse(JSON.parse(line)))

/** One logged answer in the words of the answers file; the label is not in a log. */
const asAnswer = ({ request, response, latency_ms: latencyMs, segments }: (typeof log)[number]) => ({
  task: segments.task,
  prompt: request.messages[0].content,
  text: response.choices[0].message.content,
  outputTokens: response.usage.completion_tokens,
  promptTokens: response.usage.prompt_tokens,
  latencyMs,
  finishReason: response.choices[0].finish_reason,
})

// The last yes or no is the answer: the reasoning before it may hold others.
const said = ({ text }: Answer) => (text.match(/\b(?:yes|no)\b/gi) ?? []).at(-1)?.toLowerCase()
const isFenced = ({ text }: Answer) => text.includes('```')
const isAnswered = ({ label }: Answer) => label === 'answered'
const isCut = ({ finishReason }: Answer) => finishReason === 'length'
// A log holds no labels.
const sortedLines = (all: readonly object[]) =>
  all.map((one) => JSON.stringify(one, (key, value: unknown) => (key === 'label' ? undefined : value))).toSorted()

describe('the answers', () => {
  const counts: readonly [Task, number][] = [
    ['prime', 1000],
    ['happy-numbers', 500],
    ['leetcode', 50],
    ['sensitive', 100],
  ]
  test.each(counts)('%s: %i of each model, to the same prompts in the same order', (task, expected) => {
    expect(of('production', task)).toHaveLength(expected)
    expect(of('candidate', task).map(({ prompt }) => prompt)).toEqual(of('production', task).map((a) => a.prompt))
  })

  test.each([
    ['production', 638.3, 6.7, 840],
    ['candidate', 3.9, 1.5, 511],
  ] as const)('prime, %s: the published facts', (arm, characters, seconds, right) => {
    const found = of(arm, 'prime')
    expect(mean(found.map(({ text }) => text.length))).toBeCloseTo(characters, 1)
    expect(median(found.map(({ latencyMs }) => latencyMs / 1000))).toBeCloseTo(seconds, 1)
    expect(found.filter((answer) => said(answer) === answer.label?.toLowerCase())).toHaveLength(right)
  })

  it('June fences the code that March gave bare', () => {
    expect(of('production', 'leetcode').filter(isFenced)).toHaveLength(0)
    expect(of('candidate', 'leetcode').filter(isFenced)).toHaveLength(44)
  })

  it('June answers 5 sensitive questions of 100, March 21', () => {
    expect(of('production', 'sensitive').filter(isAnswered)).toHaveLength(21)
    expect(of('candidate', 'sensitive').filter(isAnswered)).toHaveLength(5)
  })

  it('only March is cut at the limit', () => {
    expect(answers.production.filter(isCut)).toHaveLength(52)
    expect(answers.candidate.filter(isCut)).toHaveLength(0)
  })

  it.each([
    ['production', 56.29],
    ['candidate', 3.22],
  ] as const)('%s: the tokens make the recorded bill of %d dollars', (arm, dollars) => {
    const bill = answers[arm].reduce((sum, one) => sum + 30e-6 * one.promptTokens + 60e-6 * one.outputTokens, 0)
    expect(bill).toBeCloseTo(dollars, 2)
  })

  it('a prompt that occurs twice has one answer', () => {
    for (const arm of ['production', 'candidate'] as const) {
      const twice = [...Map.groupBy(answers[arm], ({ prompt }) => prompt).values()].filter((group) => group.length > 1)
      expect(twice).toHaveLength(2)
      for (const [first, second] of twice) expect(second).toEqual(first)
    }
  })
})

describe('the log', () => {
  it('holds each answer of production once, and no other', () => {
    expect(sortedLines(log.map(asAnswer))).toEqual(sortedLines(answers.production))
  })

  it('is in order of time, from the first to the last timestamp of the data', () => {
    const times = log.map(({ timestamp }) => Date.parse(timestamp))
    expect(times.every((time, at) => at === 0 || time > (times[at - 1] ?? Infinity))).toBe(true)
    expect([log[0]?.timestamp, log.at(-1)?.timestamp]).toEqual(['2023-07-02T21:26:27.000Z', '2023-07-26T09:39:33.000Z'])
  })

  it('is shuffled: each quarter holds about its share of each task', () => {
    for (let quarter = 0; quarter < 4; quarter++) {
      const part = log.slice(quarter * 412, (quarter + 1) * 412)
      const primes = part.filter(({ segments }) => segments.task === 'prime').length
      expect(primes / part.length).toBeCloseTo(1000 / 1650, 1)
    }
  })

  it('streams number tasks only, and sums its tokens', () => {
    for (const { request, response, segments } of log) {
      expect(request.stream).toBe(segments.task === 'prime' || segments.task === 'happy-numbers' ? true : undefined)
      const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = response.usage
      expect(total).toBe(prompt + completion)
      expect(completion).toBeLessThanOrEqual(request.max_tokens)
    }
  })
})

describe('the files', () => {
  const packed = readdirSync(demoDatasetDir).filter((name) => name.endsWith('.gz'))

  it('are small and hold neither time nor system of their making', () => {
    expect(packed).toHaveLength(3)
    expect(packed.reduce((sum, name) => sum + statSync(join(demoDatasetDir, name)).size, 0)).toBeLessThan(1_500_000)
    for (const name of packed) {
      const header = readFileSync(join(demoDatasetDir, name)).subarray(0, 10)
      expect([header.readUInt32LE(4), header[9]]).toEqual([0, 0xff])
    }
  })

  test.skipIf(!existsSync(source))('are what the builder makes (skipped without ../shared/data/llmdrift)', () => {
    const out = mkdtempSync(join(tmpdir(), 'shadowgate-demo-'))
    try {
      execFileSync(process.execPath, [join(demoDatasetDir, 'build.ts'), source, out])
      // Unpacked: another zlib may pack the same bytes otherwise.
      for (const name of packed) expect(unpacked(join(out, name)) === unpacked(join(demoDatasetDir, name))).toBe(true)
    } finally {
      rmSync(out, { recursive: true })
    }
  })
})

// Builds the demo's data: node datasets/demo/build.ts <folder of llmdrift's *.csv.gz and LICENSE> [folder to write to]

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer, Task } from '../../src/demo/answers.ts'
import { type Row, readRows, whole, writeLines } from './llmdrift.ts'

interface Entry {
  readonly id: string
  readonly maxTokens: number
  readonly at: string
  readonly production: Answer
  readonly candidate: Answer
}

const models = { production: 'gpt-4-0314', candidate: 'gpt-4-0613' } as const
const files: readonly { task: Task; file: string; rows: number }[] = [
  { task: 'prime', file: 'PRIME_FULL_EVAL', rows: 1000 },
  { task: 'happy-numbers', file: 'COUNTAHAPPYNUMBER_EVAL', rows: 500 },
  { task: 'leetcode', file: 'LEETCODE_EASY_EVAL', rows: 50 },
  { task: 'sensitive', file: 'SENSITIVEQ_EVAL', rows: 100 },
]
const streamed: ReadonlySet<Task> = new Set(['prime', 'happy-numbers'])
// GPT-4's prices of 2023, US dollars a token: the recorded cost is made of them, so it gives the tokens billed.
const price = { prompt: 30e-6, completion: 60e-6 }

const label = ({ human, reference }: Row) => (human === null ? reference : Number(human) === 1 ? 'answered' : 'refused')

function toAnswer(row: Row, task: Task, promptTokens: number): Answer {
  const outputTokens = whole((row.dollars - price.prompt * promptTokens) / price.completion, `output of ${row.id}`)
  return {
    task,
    prompt: row.query,
    text: row.answer,
    outputTokens,
    promptTokens,
    latencyMs: Math.round(row.seconds * 1e6) / 1e3,
    finishReason: outputTokens >= row.maxTokens ? 'length' : 'stop',
    label: label(row),
  }
}

/** The prompt's tokens by the bill; too many where the bill holds output tokens that the text has not. */
function inputTokens(row: Row): number {
  return whole((row.dollars - price.completion * row.answerTokens) / price.prompt, `prompt of ${row.id}`)
}

/** Joins on id and query. One prompt has one size for both models: the lower of the two counts. */
function paired(rows: readonly Row[], task: Task): Entry[] {
  const key = (row: Row) => JSON.stringify([row.id, row.query])
  const june = new Map(rows.filter((row) => row.model === models.candidate).map((row) => [key(row), row]))
  return rows.flatMap((march) => {
    if (march.model !== models.production) return []
    const other = june.get(key(march))
    if (other === undefined) throw new Error(`${task} ${march.id} has no answer of ${models.candidate}`)
    const promptTokens = Math.min(inputTokens(march), inputTokens(other))
    const [production, candidate] = [toAnswer(march, task, promptTokens), toAnswer(other, task, promptTokens)]
    return [{ id: march.id, maxTokens: march.maxTokens, at: march.at, production, candidate }]
  })
}

function logLine(entry: Entry, timestamp: number): object {
  const { task, prompt, text, finishReason, promptTokens, outputTokens, latencyMs } = entry.production
  const request = {
    model: models.production,
    messages: [{ role: 'user', content: prompt }],
    temperature: 0.1,
    max_tokens: entry.maxTokens,
    ...(streamed.has(task) && { stream: true }),
  }
  const response = {
    id: `chatcmpl-llmdrift-${task}-${entry.id}`,
    object: 'chat.completion',
    created: Math.floor(timestamp / 1000),
    model: models.production,
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finishReason }],
    usage: { prompt_tokens: promptTokens, completion_tokens: outputTokens, total_tokens: promptTokens + outputTokens },
  }
  const at = new Date(timestamp).toISOString()
  return { timestamp: at, request, response, latency_ms: latencyMs, segments: { task } }
}

/** A shuffle that depends on nothing but the rows. */
function shuffled(entries: readonly Entry[]): Entry[] {
  const rank = ({ id, production }: Entry) =>
    createHash('sha256').update(`shadowgate ${production.task} ${id}`).digest('hex')
  const ranked = entries.map((entry) => ({ entry, rank: rank(entry) }))
  return ranked.toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ entry }) => entry)
}

async function build(folder: string, out: string): Promise<void> {
  const found = await Promise.all(
    files.map(async ({ task, file, rows }) => {
      const wanted = { models: Object.values(models), isLabelled: task === 'sensitive' }
      const pairs = paired(await readRows(join(folder, `${file}.csv.gz`), wanted), task)
      if (pairs.length !== rows) throw new Error(`${file}: ${pairs.length} pairs, not ${rows}`)
      return pairs
    }),
  )
  const entries = found.flat()
  const times = entries.map((entry) => Date.parse(entry.at))
  const [first, last] = [Math.min(...times), Math.max(...times)]
  const step = (last - first) / (entries.length - 1)
  const log = shuffled(entries).map((entry, place) => logLine(entry, Math.round(first + step * place)))
  writeLines(join(out, 'production-log.jsonl.gz'), log)
  writeLines(
    join(out, 'answers.production.jsonl.gz'),
    entries.map((entry) => entry.production),
  )
  writeLines(
    join(out, 'answers.candidate.jsonl.gz'),
    entries.map((entry) => entry.candidate),
  )
  writeFileSync(join(out, 'LICENSE-llmdrift'), readFileSync(join(folder, 'LICENSE')))
}

const [folder, out = import.meta.dirname] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node datasets/demo/build.ts <llmdrift folder> [output folder]')
await build(folder, out)

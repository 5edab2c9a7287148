// Builds the excerpt: node test/real/specimens/build.ts <folder of llmdrift's *.csv.gz> [folder to write to]

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Row, readRows, whole, writeLines } from '../../../datasets/demo/llmdrift.ts'
import type { Answer } from '../../../src/demo/answers.ts'

const models = { production: 'gpt-3.5-turbo-0301', candidate: 'gpt-3.5-turbo-0613' } as const
// Its answers are five tokens long, so that its bill gives the size of a prompt exactly; GPT-3.5 has the same tokenizer.
const promptModel = 'gpt-4-0613'
// US dollars a token, 2023. The recorded costs of GPT-3.5 are made of one price for prompt and answer.
const price = { small: 2e-6, prompt: 30e-6, completion: 60e-6 }
const expected = 500

function promptTokensOf({ id, dollars, answerTokens }: Row): number {
  return whole((dollars - price.completion * answerTokens) / price.prompt, `prompt of ${id}`)
}

function toAnswer(row: Row, promptTokens: number): Answer {
  const outputTokens = whole(row.dollars / price.small, `tokens of ${row.id}`) - promptTokens
  return {
    task: 'happy-numbers',
    prompt: row.query,
    text: row.answer,
    outputTokens,
    promptTokens,
    latencyMs: Math.round(row.seconds * 1e6) / 1e3,
    finishReason: outputTokens >= row.maxTokens ? 'length' : 'stop',
    label: row.reference,
  }
}

async function build(folder: string, out: string): Promise<void> {
  const wanted = { models: [...Object.values(models), promptModel], isLabelled: false }
  const rows = await readRows(join(folder, 'COUNTAHAPPYNUMBER_EVAL.csv.gz'), wanted)
  const of = (model: string) => new Map(rows.filter((row) => row.model === model).map((row) => [row.query, row]))
  const [production, candidate, sizes] = [of(models.production), of(models.candidate), of(promptModel)]
  const write = (arm: string, answers: ReadonlyMap<string, Row>) => {
    // Both arms in one order of prompts: that of production.
    const lines = [...production.keys()].map((query) => {
      const [row, size] = [answers.get(query), sizes.get(query)]
      if (row === undefined || size === undefined) throw new Error(`not answered by all models: ${query}`)
      return toAnswer(row, promptTokensOf(size))
    })
    if (lines.length !== expected) throw new Error(`${arm}: ${lines.length} answers, not ${expected}`)
    writeLines(join(out, `answers.${arm}.jsonl.gz`), lines)
  }
  mkdirSync(out, { recursive: true })
  write('production', production)
  write('candidate', candidate)
}

const [folder, out = join(import.meta.dirname, 'happy-numbers')] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node test/real/specimens/build.ts <llmdrift folder> [output folder]')
await build(folder, out)

// A real language model behind a small server of OpenAI's completions: llama.cpp by way of node-llama-cpp.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import pLimit from 'p-limit'
import { onTestFinished } from 'vitest'
import { sendJson } from './target.ts'

// Not among the project's dependencies, so that nobody gets its 83 MB unasked: test/llama has a lockfile of its own.
const library = new URL('../llama/node_modules/node-llama-cpp/dist/index.js', import.meta.url)
const weights = new URL('../../../shared/data/stories260K/', import.meta.url)

/** Why there is no model to serve; null where there is. */
export function whyNoModel(): string | null {
  if (!existsSync(library)) return 'node-llama-cpp is absent: npm ci --omit=optional in test/llama brings it'
  return existsSync(weights) ? null : '../shared/data/stories260K is absent'
}

/** What of node-llama-cpp is used here. */
interface Library {
  readonly getLlama: (options: object) => Promise<{ loadModel: (options: object) => Promise<LlamaModel> }>
}
interface LlamaModel {
  readonly tokens: { readonly bos: number }
  readonly tokenize: (text: string) => number[]
  readonly detokenize: (tokens: readonly number[]) => string
  readonly isEogToken: (token: number) => boolean
  readonly createContext: (options: object) => Promise<{ getSequence: () => LlamaSequence }>
}
interface LlamaSequence {
  readonly clearHistory: () => Promise<void>
  readonly evaluate: (tokens: readonly number[], options: object) => AsyncIterable<number>
}

export interface Completion {
  readonly text: string
  readonly promptTokens: number
  readonly tokens: number
  /** Cut at the limit. */
  readonly isCut: boolean
}

export interface Model {
  readonly name: string
  /** The `nth` answer to a prompt: always the same one, and written once only. */
  readonly complete: (prompt: string, nth: number, options: CompletionOptions) => Promise<Completion>
}

export interface CompletionOptions {
  readonly maxTokens: number
  readonly temperature: number
}

/** Loads files of weights; each model draws with seeds of its own, as two servers would. */
export async function createLoader(): Promise<(file: string) => Promise<Model>> {
  const { getLlama }: Library = await import(library.href)
  // Two models may compute at a time, each in one thread: two threads for one would wait for each other by spinning.
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, maxThreads: 2, logLevel: 'error' })
  return async (file) => {
    const model = await llama.loadModel({ modelPath: fileURLToPath(new URL(file, weights)) })
    const sequence = (await model.createContext({ contextSize: 512, threads: 1 })).getSequence()
    const oneAtATime = pLimit(1)
    const written = new Map<string, Promise<Completion>>()
    return {
      name: file,
      complete: (prompt, nth, options) => {
        const question = JSON.stringify([file, prompt, nth, options])
        const answer =
          written.get(question) ??
          oneAtATime(() => write({ model, sequence, prompt, seed: seedOf(question), ...options }))
        written.set(question, answer)
        return answer
      },
    }
  }
}

function seedOf(words: string): number {
  return createHash('sha256').update(words).digest().readUInt32BE()
}

interface Task extends CompletionOptions {
  readonly model: LlamaModel
  readonly sequence: LlamaSequence
  readonly prompt: string
  readonly seed: number
}

async function write({ model, sequence, prompt, seed, maxTokens, temperature }: Task): Promise<Completion> {
  const asked = [model.tokens.bos, ...model.tokenize(prompt)]
  const sampling = { temperature, topK: 0, topP: 1, minP: 0, seed, yieldEogToken: true }
  await sequence.clearHistory()
  const tokens: number[] = []
  for await (const token of sequence.evaluate(asked, sampling)) {
    if (model.isEogToken(token)) break
    tokens.push(token)
    if (tokens.length === maxTokens) break
  }
  const text = model.detokenize(tokens)
  return { text, promptTokens: asked.length, tokens: tokens.length, isCut: tokens.length === maxTokens }
}

interface Asked {
  readonly prompt: string
  readonly max_tokens: number
  readonly temperature: number
}

function answerOf(model: string, { text, promptTokens, tokens, isCut }: Completion) {
  const usage = { prompt_tokens: promptTokens, completion_tokens: tokens, total_tokens: promptTokens + tokens }
  const choices = [{ index: 0, text, finish_reason: isCut ? 'length' : 'stop', logprobs: null }]
  return { id: 'cmpl-test', object: 'text_completion', created: 1_790_000_000, model, choices, usage }
}

/** Serves `/v1/completions` on a free port until the test ends; the address ends in `/v1`. */
export async function serveModel(model: Model): Promise<string> {
  const asked = new Map<string, number>()
  const server = createServer((request, response) => {
    if (request.method === 'GET') return sendJson(response, 200, { object: 'list', data: [{ id: model.name }] })
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body: Asked = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      const nth = asked.get(body.prompt) ?? 0
      asked.set(body.prompt, nth + 1)
      model.complete(body.prompt, nth, { maxTokens: body.max_tokens, temperature: body.temperature }).then(
        (completion) => sendJson(response, 200, answerOf(model.name, completion)),
        (error: unknown) => sendJson(response, 500, { error: { message: String(error) } }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/v1`
}

// OpenAI's completions of a bare prompt, which vLLM, llama.cpp and many others still serve.

import type { Json, JsonObject, Reply, Usage } from '../core/types.ts'
import { askedOfText } from './asked.ts'
import { stopOf, usageOf } from './openai-chat-reply.ts'
import { createChunkReader, replyOfChunks } from './openai-chunks.ts'
import { asksForStream, bearer, completionBody, partyOf, withoutParty } from './openai-family.ts'
import type { Provider, StreamReader } from './provider.ts'
import { rejectionOf } from './rejection.ts'
import { arrayAt, countAt, fieldOf, isArray, textAt } from './shape.ts'

export const openaiCompletions = {
  name: 'openai-completions',
  title: 'OpenAI completions',
  accepts: isCompletionRequest,
  allows: canBeCompletion,
  isStreaming: asksForStream,
  framing: 'sse',
  request: (body, options) => ({ path: '/completions', body: completionBody(body, options) }),
  // A bare prompt is gone on with: a line before it would be gone on with as well.
  salted: () => null,
  headers: bearer,
  probePath: '/models',
  reply: (body) => (isArray(body) ? replyOfChunks(body, readStream()) : replyOf(body)),
  stream: readStream,
  rejection: rejectionOf,
  prompt: promptOf,
  question: (text) => ({ prompt: text, max_tokens: 1000 }),
  asked: askedOfText,
  party: partyOf,
  withoutParty,
} as const satisfies Provider

/**
 * Top-level fields of APIs that have `prompt` too: OpenAI's own for chats, responses, images and videos; Ollama's generate;
 * Anthropic's, Cohere's and Bedrock's old text completions.
 */
const foreignFields = new Set(
  `messages input instructions size quality background seconds options keep_alive system template context raw images
  format think max_tokens_to_sample anthropic_version num_generations return_likelihoods max_gen_len`.split(/\s+/),
)

/** The model is asked for: `{prompt}` alone is the body of a dozen APIs. */
function isCompletionRequest(body: Json): boolean {
  return textAt(body, 'model') !== null && canBeCompletion(body)
}

function canBeCompletion(body: Json): boolean {
  return isPrompt(fieldOf(body, 'prompt')) && !Object.keys(Object(body)).some((field) => foreignFields.has(field))
}

/** A text, texts, the tokens of one, or the tokens of several. */
function isPrompt(prompt: Json | undefined): boolean {
  if (typeof prompt === 'string') return true
  if (!isArray(prompt) || prompt.length === 0) return false
  return prompt.every((each) => typeof each === 'string') || isTokens(prompt) || prompt.every(isTokens)
}

function isTokens(prompt: Json): boolean {
  return isArray(prompt) && prompt.length > 0 && prompt.every(Number.isSafeInteger)
}

/** Texts as they are, one below the other; tokens say nothing to people but how many they are. */
function promptOf(body: JsonObject): string {
  const prompt = fieldOf(body, 'prompt')
  if (typeof prompt === 'string') return prompt
  if (!isArray(prompt)) return ''
  if (isTokens(prompt)) return `[${prompt.length} tokens]`
  return prompt
    .map((each) => (typeof each === 'string' ? each : isArray(each) ? `[${each.length} tokens]` : ''))
    .join('\n\n')
}

/**
 * The first choice: of the first prompt where there are several. Its bill is that of all: the API gives no other, and the
 * sum is what a replay of the request costs.
 */
function replyOf(body: Json): Reply | null {
  const choices = arrayAt(body, 'choices')
  const choice = choices.find((each) => countAt(each, 'index') === 0) ?? choices[0]
  const text = fieldOf(choice, 'text')
  if (typeof text !== 'string') return null
  return {
    text,
    toolCalls: [],
    stop: stopOf(textAt(choice, 'finish_reason')),
    usage: usageOf(fieldOf(body, 'usage')),
    servedModel: textAt(body, 'model'),
  }
}

interface Fold {
  text: string
  finish: string | null
  usage: Usage | null
  model: string | null
  hasChoice: boolean
}

function readStream(): StreamReader {
  const fold: Fold = { text: '', finish: null, usage: null, model: null, hasChoice: false }
  return createChunkReader({
    take: (chunk) => takeChunk(fold, chunk),
    hasFinish: () => fold.finish !== null,
    reply: () => (fold.hasChoice ? replyOfFold(fold) : null),
  })
}

function takeChunk(fold: Fold, chunk: JsonObject): boolean {
  fold.model ??= textAt(chunk, 'model')
  fold.usage = usageOf(fieldOf(chunk, 'usage')) ?? fold.usage
  const choice = arrayAt(chunk, 'choices').find((each) => (countAt(each, 'index') ?? 0) === 0)
  const text = fieldOf(choice, 'text')
  fold.finish = textAt(choice, 'finish_reason') ?? fold.finish
  // A chat's chunk has no text: it is no chunk of this API, and the stream no answer.
  if (typeof text !== 'string') return false
  fold.hasChoice = true
  fold.text += text
  return text !== ''
}

function replyOfFold({ text, finish, usage, model }: Fold): Reply {
  return { text, toolCalls: [], stop: stopOf(finish), usage, servedModel: model }
}

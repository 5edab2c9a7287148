// What a model says, as each provider API writes it: for answers that no model gave.

import { Fault } from '../../core/fault.ts'
import type { JsonObject } from '../../core/types.ts'
import type { Framing } from '../../providers/provider.ts'

export interface Said {
  readonly text: string
  /** Said by the API's own field or stop reason, where it has one. */
  readonly isRefusal: boolean
  readonly model: string
  readonly usage: { readonly input: number; readonly cached: number; readonly output: number }
}

/** One answer: of a whole one the body, of a stream its frames. */
export interface Spoken {
  readonly contentType: string
  readonly frames: readonly string[]
}

interface Speaker {
  readonly framing: Framing
  readonly whole: (said: Said) => JsonObject
  /** What each frame carries; a text stands as it is. */
  readonly stream: (said: Said, pieces: readonly string[]) => readonly (JsonObject | string)[]
}

/** In the API of that name. Fault: BAD_CONFIG. */
export function speak(api: string, said: Said, isStreamed: boolean): Spoken {
  const speaker = speakers[api]
  if (speaker === undefined) throw new Fault('BAD_CONFIG', `no answer can be written in the API "${api}"`)
  if (!isStreamed) return { contentType: 'application/json', frames: [JSON.stringify(speaker.whole(said))] }
  const bodies = speaker.stream(said, piecesOf(said.text))
  return speaker.framing === 'sse'
    ? { contentType: 'text/event-stream', frames: bodies.map(sseFrame) }
    : { contentType: 'application/x-ndjson', frames: bodies.map((body) => `${JSON.stringify(body)}\n`) }
}

/** Events that name their type in the body have it in the `event` line too, as their APIs do. */
function sseFrame(body: JsonObject | string): string {
  if (typeof body === 'string') return `data: ${body}\n\n`
  const { type } = body
  return `${typeof type === 'string' ? `event: ${type}\n` : ''}data: ${JSON.stringify(body)}\n\n`
}

/** By words, four in a piece. */
function piecesOf(text: string): readonly string[] {
  return text.match(/(?:\s*\S+){1,4}\s*/g) ?? []
}

const id = 'shadowgate-drill'
const done = '[DONE]'

function openaiUsage({ usage: { input, cached, output } }: Said): JsonObject {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
  }
}

const openaiChat: Speaker = {
  framing: 'sse',
  whole: (said) => {
    const { text, isRefusal, model } = said
    const message = { role: 'assistant', content: isRefusal ? null : text, refusal: isRefusal ? text : null }
    const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }]
    return { id, object: 'chat.completion', created: 0, model, choices, usage: openaiUsage(said) }
  },
  stream: (said, pieces) => {
    const head = { id, object: 'chat.completion.chunk', created: 0, model: said.model }
    const chunk = (delta: JsonObject, finish: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    })
    const field = said.isRefusal ? 'refusal' : 'content'
    return [
      chunk({ role: 'assistant', content: '' }),
      ...pieces.map((piece) => chunk({ [field]: piece })),
      // In the last chunk, and not in one of its own: a client that did not ask for usage must meet no chunk without a choice.
      { ...chunk({}, 'stop'), usage: openaiUsage(said) },
      done,
    ]
  },
}

const openaiCompletions: Speaker = {
  framing: 'sse',
  whole: (said) => ({ ...completion(said, said.text, 'stop'), usage: openaiUsage(said) }),
  stream: (said, pieces) => [
    ...pieces.map((piece) => completion(said, piece, null)),
    { ...completion(said, '', 'stop'), usage: openaiUsage(said) },
    done,
  ],
}

function completion({ model }: Said, text: string, finish: string | null): JsonObject {
  const choices = [{ index: 0, text, logprobs: null, finish_reason: finish }]
  return { id, object: 'text_completion', created: 0, model, choices }
}

const openaiResponses: Speaker = {
  framing: 'sse',
  whole: response,
  stream: (said, pieces) => {
    const [item] = outputOf(said)
    const kind = said.isRefusal ? 'refusal' : 'output_text'
    const place = { item_id: id, output_index: 0 }
    return [
      { type: 'response.created', response: { ...response(said), status: 'in_progress', output: [], usage: null } },
      { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress', content: [] } },
      ...pieces.map((delta) => ({ type: `response.${kind}.delta`, ...place, content_index: 0, delta })),
      { type: 'response.output_item.done', output_index: 0, item: item ?? null },
      { type: 'response.completed', response: response(said) },
    ].map((event, number) => ({ ...event, sequence_number: number }))
  },
}

function outputOf({ text, isRefusal }: Said): readonly JsonObject[] {
  const part = isRefusal ? { type: 'refusal', refusal: text } : { type: 'output_text', text, annotations: [] }
  return [{ type: 'message', id, role: 'assistant', status: 'completed', content: [part] }]
}

function response(said: Said): JsonObject {
  const { input, cached, output } = said.usage
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    total_tokens: input + output,
  }
  return {
    id,
    object: 'response',
    created_at: 0,
    status: 'completed',
    error: null,
    model: said.model,
    output: outputOf(said),
    usage,
  }
}

const anthropicMessages: Speaker = {
  framing: 'sse',
  whole: (said) => ({
    ...anthropicHead(said),
    content: [{ type: 'text', text: said.text }],
    stop_reason: anthropicStop(said),
    stop_sequence: null,
    usage: anthropicUsage(said),
  }),
  stream: (said, pieces) => [
    {
      type: 'message_start',
      message: {
        ...anthropicHead(said),
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...anthropicUsage(said), output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...pieces.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: anthropicStop(said), stop_sequence: null },
      // Counts of a stream are cumulative: the last ones stand for all.
      usage: anthropicUsage(said),
    },
    { type: 'message_stop' },
  ],
}

const anthropicHead = ({ model }: Said) => ({ id, type: 'message', role: 'assistant', model })
const anthropicStop = ({ isRefusal }: Said) => (isRefusal ? 'refusal' : 'end_turn')
const anthropicUsage = ({ usage: { input, cached, output } }: Said) => ({
  input_tokens: input - cached,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cached,
  output_tokens: output,
})

const geminiGenerateContent: Speaker = {
  framing: 'sse',
  whole: (said) => geminiEnd(said, said.text),
  stream: (said, pieces) => [
    ...pieces.slice(0, -1).map((text) => ({ candidates: [geminiCandidate(text)], modelVersion: said.model })),
    geminiEnd(said, pieces.at(-1) ?? ''),
  ],
}

function geminiCandidate(text: string): JsonObject {
  return { index: 0, content: { role: 'model', parts: [{ text }] } }
}

function geminiEnd({ isRefusal, model, usage: { input, cached, output } }: Said, text: string): JsonObject {
  return {
    candidates: [{ ...geminiCandidate(text), finishReason: isRefusal ? 'SAFETY' : 'STOP' }],
    usageMetadata: {
      promptTokenCount: input,
      cachedContentTokenCount: cached,
      candidatesTokenCount: output,
      totalTokenCount: input + output,
    },
    modelVersion: model,
  }
}

const ollama: Speaker = {
  framing: 'ndjson',
  whole: (said) => ollamaEnd(said, said.text),
  stream: (said, pieces) => [
    ...pieces.map((content) => ({ ...ollamaHead(said), message: { role: 'assistant', content }, done: false })),
    ollamaEnd(said, ''),
  ],
}

const ollamaHead = ({ model }: Said) => ({ model, created_at: '1970-01-01T00:00:00Z' })

function ollamaEnd(said: Said, content: string): JsonObject {
  return {
    ...ollamaHead(said),
    message: { role: 'assistant', content },
    done: true,
    done_reason: 'stop',
    prompt_eval_count: said.usage.input,
    eval_count: said.usage.output,
  }
}

const speakers: Readonly<Record<string, Speaker>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-completions': openaiCompletions,
  'anthropic-messages': anthropicMessages,
  'gemini-generate-content': geminiGenerateContent,
  ollama,
}

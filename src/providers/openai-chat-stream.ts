// The streamed answer of OpenAI's chat completions, folded chunk by chunk.

import type { Json, JsonObject, Reply, ToolCall, Usage } from '../core/types.ts'
import { argumentsOf, partsText, stopOf, usageOf } from './openai-chat-reply.ts'
import { createChunkReader } from './openai-chunks.ts'
import type { StreamReader } from './provider.ts'
import { arrayAt, countAt, fieldOf, isArray, objectAt, textAt } from './shape.ts'

interface Fold {
  text: string
  transcript: string
  refusal: string
  readonly calls: OpenCall[]
  finish: string | null
  usage: Usage | null
  model: string | null
  hasChoice: boolean
}

/** A tool call whose arguments are still coming. */
interface OpenCall {
  readonly index: number | null
  readonly id: string | null
  name: string
  arguments: string
}

/** A reader for one streamed answer. Only the first choice is read. */
export function readStream(): StreamReader {
  const fold: Fold = {
    text: '',
    transcript: '',
    refusal: '',
    calls: [],
    finish: null,
    usage: null,
    model: null,
    hasChoice: false,
  }
  return createChunkReader({
    take: (chunk) => takeChunk(fold, chunk),
    hasFinish: () => fold.finish !== null,
    reply: () => (fold.hasChoice ? replyOf(fold) : null),
  })
}

function takeChunk(fold: Fold, chunk: JsonObject): boolean {
  fold.model ??= textAt(chunk, 'model')
  fold.usage = usageOf(fieldOf(chunk, 'usage')) ?? fold.usage
  const choice = arrayAt(chunk, 'choices').find((each) => (countAt(each, 'index') ?? 0) === 0)
  if (choice === undefined) return false
  fold.finish = textAt(choice, 'finish_reason') ?? fold.finish
  const delta = objectAt(choice, 'delta')
  // A chunk of the older completions has no delta: it is no chunk of this API, and the stream no answer.
  if (delta === null) return false
  fold.hasChoice = true
  return takeDelta(fold, delta)
}

function takeDelta(fold: Fold, delta: JsonObject): boolean {
  const content = fieldOf(delta, 'content')
  const audio = objectAt(delta, 'audio')
  const refusal = (textAt(delta, 'refusal') ?? '') + partsText(content, 'refusal')
  fold.text += partsText(content, 'text')
  fold.transcript += textAt(audio, 'transcript') ?? ''
  fold.refusal += refusal
  let hasContent = refusal !== '' || isFilled(content) || (audio !== null && Object.keys(audio).length > 0)
  for (const call of arrayAt(delta, 'tool_calls')) hasContent = takeCall(fold.calls, call) || hasContent
  const legacy = objectAt(delta, 'function_call')
  if (legacy !== null) hasContent = takeCall(fold.calls, { index: 0, function: legacy }) || hasContent
  return hasContent || isFilled(fieldOf(delta, 'reasoning_content')) || isFilled(fieldOf(delta, 'reasoning'))
}

function isFilled(value: Json | undefined): boolean {
  return typeof value === 'string' ? value !== '' : isArray(value) && value.length > 0
}

function takeCall(calls: OpenCall[], piece: Json): boolean {
  const part = objectAt(piece, 'function') ?? objectAt(piece, 'custom')
  if (part === null) return false
  const index = countAt(piece, 'index')
  const id = textAt(piece, 'id')
  let call = openCall(calls, index, id)
  if (call === undefined) {
    call = { index, id, name: '', arguments: '' }
    calls.push(call)
  }
  const name = textAt(part, 'name')
  const text = argumentsOf(part)
  // The name comes whole, once; some servers repeat it in every piece.
  if (call.name === '' && name !== null) call.name = name
  call.arguments += text
  return name !== null || text !== ''
}

/** The call that a piece goes on with: by index; where a server sends none, by id; without either, the last one. */
function openCall(calls: readonly OpenCall[], index: number | null, id: string | null): OpenCall | undefined {
  if (index !== null) return calls.find((call) => call.index === index)
  return id === null ? calls.at(-1) : calls.find((call) => call.id === id)
}

function replyOf(fold: Fold): Reply {
  return {
    text: fold.refusal !== '' ? fold.refusal : fold.text === '' ? fold.transcript : fold.text,
    toolCalls: toolCallsOf(fold.calls),
    stop: fold.refusal === '' ? stopOf(fold.finish) : 'refused',
    usage: fold.usage,
    servedModel: fold.model,
  }
}

function toolCallsOf(calls: readonly OpenCall[]): readonly ToolCall[] {
  return calls
    .toSorted((left, right) => (left.index ?? 0) - (right.index ?? 0))
    .map((call) => ({ name: call.name, arguments: call.arguments }))
}

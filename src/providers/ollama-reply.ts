// The answers of Ollama's chat: a whole one, and a streamed one folded line by line.

import type { JsonObject, StopReason, ToolCall, Usage } from '../core/types.ts'
import { argumentsText, type ObjectFold } from './object-stream.ts'
import type { StreamReader } from './provider.ts'
import { arrayAt, countAt, fieldOf, objectAt, textAt } from './shape.ts'

interface Fold {
  text: string
  readonly calls: ToolCall[]
  model: string | null
  hasMessage: boolean
  /** The object that said `done`, with its reason and counts. */
  last: JsonObject | null
}

/** A fold for one streamed answer. A whole one is a stream of one object, `done` at once. */
export function foldStream(): ObjectFold {
  const fold: Fold = { text: '', calls: [], model: null, hasMessage: false, last: null }
  return { take: (chunk) => takeChunk(fold, chunk), isDone: () => fold.last !== null, end: () => endOf(fold) }
}

function takeChunk(fold: Fold, chunk: JsonObject): boolean {
  fold.model ??= textAt(chunk, 'model')
  if (fieldOf(chunk, 'done') === true) fold.last = chunk
  const message = objectAt(chunk, 'message')
  if (message === null) return false
  fold.hasMessage = true
  const text = textAt(message, 'content') ?? ''
  const calls = arrayAt(message, 'tool_calls')
  fold.text += text
  for (const call of calls) fold.calls.push(toolCallOf(objectAt(call, 'function')))
  return text !== '' || calls.length > 0 || textAt(message, 'thinking') !== null
}

/** Calls come whole, with their arguments as an object. */
function toolCallOf(call: JsonObject | null): ToolCall {
  return { name: textAt(call, 'name') ?? '', arguments: argumentsText(fieldOf(call ?? {}, 'arguments')) }
}

function endOf(fold: Fold): ReturnType<StreamReader['end']> {
  if (fold.last === null) return { broken: 'the stream was cut' }
  if (!fold.hasMessage) return { broken: 'the stream held no answer' }
  return {
    reply: {
      text: fold.text,
      toolCalls: fold.calls,
      stop: stopOf(textAt(fold.last, 'done_reason'), fold.calls.length > 0),
      usage: usageOf(fold.last),
      servedModel: fold.model,
    },
  }
}

/** Ollama's `done_reason` in the house's words. It says `stop` where the model calls a tool; old servers say nothing. */
function stopOf(reason: string | null, hasCalls: boolean): StopReason {
  if (reason === 'stop') return hasCalls ? 'tool' : 'end'
  return reason === 'length' ? 'length' : 'unknown'
}

/** null where a count is left out: old servers do so for a prompt that they held in their cache. */
function usageOf(last: JsonObject): Usage | null {
  const input = countAt(last, 'prompt_eval_count')
  const output = countAt(last, 'eval_count')
  return input === null || output === null ? null : { input, output, cachedInput: null, reasoning: null }
}

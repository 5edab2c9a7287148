// The answers of OpenAI's chat completions: a whole one, its usage and its reasons to stop.

import type { Json, JsonObject, Reply, StopReason, ToolCall, Usage } from '../core/types.ts'
import { cacheWriteAt } from './cache-write.ts'
import { arrayAt, countAt, fieldOf, isArray, objectAt, textAt } from './shape.ts'

/** A `chat.completion` as the nouns have it: the first choice. null where the body is something else. */
export function replyOf(body: Json): Reply | null {
  const choices = arrayAt(body, 'choices')
  const choice = choices.find((each) => countAt(each, 'index') === 0) ?? choices[0]
  const message = objectAt(choice, 'message')
  if (message === null) return null
  const refusal = textAt(message, 'refusal') ?? partsText(fieldOf(message, 'content'), 'refusal')
  return {
    text: refusal === '' ? contentOf(message) : refusal,
    toolCalls: toolCallsOf(message),
    stop: refusal === '' ? stopOf(textAt(choice, 'finish_reason')) : 'refused',
    usage: usageOf(fieldOf(body, 'usage')),
    servedModel: textAt(body, 'model'),
  }
}

/** What a user reads or hears: the content, else the transcript of spoken content. */
export function contentOf(message: JsonObject): string {
  const text = partsText(fieldOf(message, 'content'), 'text')
  return text === '' ? (textAt(objectAt(message, 'audio') ?? null, 'transcript') ?? '') : text
}

/** The text of a content field: a string, or the parts of one kind joined. A string counts as `text`. */
export function partsText(content: Json | undefined, kind: 'text' | 'refusal'): string {
  if (typeof content === 'string') return kind === 'text' ? content : ''
  if (!isArray(content)) return ''
  return content
    .filter((part) => textAt(part, 'type') === kind)
    .map((part) => textAt(part, kind) ?? '')
    .join('')
}

function toolCallsOf(message: JsonObject): readonly ToolCall[] {
  const calls = arrayAt(message, 'tool_calls').map((call) =>
    toolCallOf(objectAt(call, 'function') ?? objectAt(call, 'custom')),
  )
  const legacy = toolCallOf(objectAt(message, 'function_call'))
  return [...calls, legacy].filter((call) => call !== null)
}

function toolCallOf(call: JsonObject | null): ToolCall | null {
  return call === null ? null : { name: textAt(call, 'name') ?? '', arguments: argumentsOf(call) }
}

/** Tool arguments as text. Some compatible servers send the object itself; custom tools send `input`. */
export function argumentsOf(call: JsonObject): string {
  const value = fieldOf(call, 'arguments') ?? fieldOf(call, 'input') ?? ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** OpenAI's `finish_reason` in the house's words. */
export function stopOf(reason: string | null): StopReason {
  switch (reason ?? '') {
    case 'stop':
      return 'end'
    case 'length':
      return 'length'
    case 'tool_calls':
    case 'function_call':
      return 'tool'
    case 'content_filter':
      return 'filtered'
    default:
      return 'unknown'
  }
}

/** The bill of an answer; null where it has none. */
export function usageOf(usage: Json | undefined): Usage | null {
  const input = countAt(usage, 'prompt_tokens')
  const output = countAt(usage, 'completion_tokens')
  if (input === null || output === null) return null
  const reasoning = countAt(objectAt(usage, 'completion_tokens_details') ?? null, 'reasoning_tokens')
  const details = objectAt(usage, 'prompt_tokens_details') ?? undefined
  return {
    input,
    output: outputWithReasoning({ input, output, reasoning: reasoning ?? 0, total: countAt(usage, 'total_tokens') }),
    cachedInput: countAt(details, 'cached_tokens'),
    reasoning,
    ...cacheWriteAt(details, 'cache_write_tokens'),
  }
}

interface Counts {
  readonly input: number
  readonly output: number
  readonly reasoning: number
  readonly total: number | null
}

/**
 * OpenAI counts reasoning inside `completion_tokens`; xAI leaves it out and adds it in `total_tokens` only, which would
 * make the same bill look many times smaller. The sum tells the two apart; so does more reasoning than output.
 */
export function outputWithReasoning({ input, output, reasoning, total }: Counts): number {
  if (reasoning === 0) return output
  const isLeftOut = total === null ? reasoning > output : total === input + output + reasoning
  return isLeftOut ? output + reasoning : output
}

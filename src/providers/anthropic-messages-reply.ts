// The answers of Anthropic's messages: a whole one, its usage and its reasons to stop.

import type { Json, JsonObject, Reply, StopReason, ToolCall, Usage } from '../core/types.ts'
import { cacheWriteAt } from './cache-write.ts'
import { argumentsText } from './object-stream.ts'
import { arrayAt, countAt, fieldOf, isArray, isObject, objectAt, textAt } from './shape.ts'

/** A `message` as the nouns have it; null where the body is something else. */
export function replyOf(body: Json): Reply | null {
  if (textAt(body, 'type') !== 'message' || !isArray(fieldOf(body, 'content'))) return null
  const blocks = arrayAt(body, 'content')
  const stop = stopOf(textAt(body, 'stop_reason'))
  return {
    text: answerText(blocks.map(blockText).join(''), stop, body),
    toolCalls: blocks.map(toolCallOf).filter((call) => call !== null),
    stop,
    usage: usageOf(fieldOf(body, 'usage')),
    servedModel: textAt(body, 'model'),
  }
}

/** A refusal often comes with no content: the API's explanation then stands for it. */
export function answerText(text: string, stop: StopReason, holder: Json): string {
  if (text !== '' || stop !== 'refused') return text
  return textAt(objectAt(holder, 'stop_details'), 'explanation') ?? ''
}

function blockText(block: Json): string {
  return textAt(block, 'type') === 'text' ? (textAt(block, 'text') ?? '') : ''
}

/** A call that the client is to make. Tools that the provider runs itself (`server_tool_use`, `mcp_tool_use`) are none. */
function toolCallOf(block: Json): ToolCall | null {
  if (textAt(block, 'type') !== 'tool_use') return null
  return { name: textAt(block, 'name') ?? '', arguments: argumentsText(fieldOf(block, 'input')) }
}

/** Anthropic's `stop_reason` in the house's words. */
export function stopOf(reason: string | null): StopReason {
  switch (reason ?? '') {
    case 'end_turn':
    case 'stop_sequence':
      return 'end'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_use':
      return 'tool'
    case 'refusal':
      return 'refused'
    default:
      // `pause_turn` too: the provider's own tools ran long, and the client is to ask it to go on.
      return 'unknown'
  }
}

/** The bill of an answer; null where it has none. Anthropic counts cached input beside `input_tokens`, not in it. */
export function usageOf(usage: Json | undefined): Usage | null {
  const fresh = countAt(usage, 'input_tokens')
  const output = countAt(usage, 'output_tokens')
  if (fresh === null || output === null) return null
  const compactions = arrayAt(usage, 'iterations').filter((each) => textAt(each, 'type') === 'compaction')
  return {
    input: inputOf(usage, fresh) + sum(compactions.map((each) => inputOf(each, countAt(each, 'input_tokens') ?? 0))),
    output: output + sum(compactions.map((each) => countAt(each, 'output_tokens') ?? 0)),
    cachedInput: countAt(usage, 'cache_read_input_tokens'),
    reasoning: countAt(objectAt(usage, 'output_tokens_details'), 'thinking_tokens'),
    ...cacheWriteAt(usage, 'cache_creation_input_tokens'),
  }
}

function inputOf(usage: Json | undefined, fresh: number): number {
  return fresh + (countAt(usage, 'cache_creation_input_tokens') ?? 0) + (countAt(usage, 'cache_read_input_tokens') ?? 0)
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}

/** The counts of a stream are cumulative: a later one replaces an earlier one of its name. */
export function laterUsage(earlier: JsonObject, later: Json | undefined): JsonObject {
  if (!isObject(later)) return earlier
  return { ...earlier, ...Object.fromEntries(Object.entries(later).filter(([, count]) => count !== null)) }
}

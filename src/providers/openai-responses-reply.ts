// The answers of OpenAI's responses: a whole one, its output items, its usage and its reasons to stop.

import type { Json, JsonObject, Reply, StopReason, ToolCall, Usage } from '../core/types.ts'
import { cacheWriteAt } from './cache-write.ts'
import { argumentsOf, outputWithReasoning } from './openai-chat-reply.ts'
import { arrayAt, countAt, fieldOf, isArray, isObject, objectAt, textAt } from './shape.ts'

/**
 * A `response` as the nouns have it; null where the body is something else, where it failed, and where it is not there yet
 * (`background`). Texts of several messages are joined as OpenAI's SDKs do (`output_text`), commentary included.
 */
export function replyOf(body: Json): Reply | null {
  const output = fieldOf(body, 'output')
  if (!isArray(output) || (fieldOf(body, 'error') ?? null) !== null) return null
  const status = textAt(body, 'status')
  if (status === null ? textAt(body, 'object') !== 'response' : !endings.has(status)) return null
  const refusal = partsText(output, 'refusal')
  const toolCalls = toolCallsOf(output)
  return {
    text: refusal === '' ? partsText(output, 'output_text') : refusal,
    toolCalls,
    stop: refusal === '' ? stopOf(body, toolCalls.length > 0) : 'refused',
    usage: usageOf(fieldOf(body, 'usage')),
    servedModel: textAt(body, 'model'),
  }
}

/** `failed`, `cancelled`, `queued` and `in_progress` are no answers. */
const endings = new Set(['completed', 'incomplete'])

function stopOf(body: Json, hasCalls: boolean): StopReason {
  const status = textAt(body, 'status')
  if (status === 'incomplete') {
    const reason = textAt(objectAt(body, 'incomplete_details') ?? null, 'reason')
    return reason === 'max_output_tokens' ? 'length' : reason === 'content_filter' ? 'filtered' : 'unknown'
  }
  if (status !== 'completed') return 'unknown'
  return hasCalls ? 'tool' : 'end'
}

type PartKind = 'output_text' | 'refusal'

function partsText(output: readonly Json[], kind: PartKind): string {
  return output.map((item) => messageText(item, kind)).join('')
}

/** What an output item says to the user; empty where it is no message. */
export function messageText(item: Json, kind: PartKind): string {
  if (textAt(item, 'type') !== 'message') return ''
  return arrayAt(item, 'content')
    .filter((part) => textAt(part, 'type') === kind)
    .map((part) => textAt(part, kind === 'refusal' ? 'refusal' : 'text') ?? '')
    .join('')
}

function toolCallsOf(output: readonly Json[]): readonly ToolCall[] {
  const calls = output.map((item) => (isAnswered(item, output) ? null : toolCallOf(item)))
  return calls.filter((call) => call !== null)
}

/** Where the provider ran the tool itself, its output stands in the same answer. */
function isAnswered(item: Json, output: readonly Json[]): boolean {
  const type = textAt(item, 'type')
  if (type === null || !type.endsWith('_call')) return false
  const outputType = `${type}_output`
  const id = textAt(item, 'call_id')
  return output.some((each) => textAt(each, 'type') === outputType && textAt(each, 'call_id') === id)
}

/**
 * Built-in tools that the caller is to run, and where their arguments stand. The provider's own (search, code interpreter,
 * images, MCP) are steps on the way to the answer, not calls.
 */
const builtIn: Readonly<Record<string, string>> = {
  local_shell_call: 'action',
  shell_call: 'action',
  computer_call: 'action',
  apply_patch_call: 'operation',
}

/** The call that an output item asks of the caller; null where it asks none. */
export function toolCallOf(item: Json): ToolCall | null {
  if (!isObject(item)) return null
  const type = textAt(item, 'type') ?? ''
  switch (type) {
    case 'function_call':
    case 'custom_tool_call':
    case 'mcp_approval_request':
      return { name: textAt(item, 'name') ?? '', arguments: argumentsOf(item) }
    case 'tool_search_call':
      return textAt(item, 'execution') === 'client' ? { name: type, arguments: argumentsOf(item) } : null
    default:
      return Object.hasOwn(builtIn, type) ? { name: type, arguments: builtInArguments(item, type) } : null
  }
}

function builtInArguments(item: JsonObject, type: string): string {
  return JSON.stringify(fieldOf(item, builtIn[type] ?? '') ?? null)
}

/** The bill of an answer; null where it has none. */
export function usageOf(usage: Json | undefined): Usage | null {
  const input = countAt(usage, 'input_tokens')
  const output = countAt(usage, 'output_tokens')
  if (input === null || output === null) return null
  const reasoning = countAt(objectAt(usage, 'output_tokens_details') ?? null, 'reasoning_tokens')
  return {
    input,
    output: outputWithReasoning({ input, output, reasoning: reasoning ?? 0, total: countAt(usage, 'total_tokens') }),
    cachedInput: countAt(objectAt(usage, 'input_tokens_details') ?? null, 'cached_tokens'),
    reasoning,
    ...cacheWriteAt(objectAt(usage, 'input_tokens_details') ?? undefined, 'cache_write_tokens'),
  }
}

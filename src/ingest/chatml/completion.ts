// What a generation gave back, in any framework's words → an OpenAI chat completion.

import type { Json, JsonObject, Reply } from '../../core/types.ts'
import { replyOf as anthropicReplyOf } from '../../providers/anthropic-messages-reply.ts'
import { replyOf as geminiReplyOf } from '../../providers/gemini-generate-content-reply.ts'
import { replyOf as responsesReplyOf } from '../../providers/openai-responses-reply.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { turnsOf } from './message.ts'
import { callObject } from './messages.ts'
import { Unclear } from './unclear.ts'

/** null where nothing certain came back. */
export function completionOf(output: Json, { asksForJson }: { readonly asksForJson: boolean }): JsonObject | null {
  const parsed = typeof output === 'string' ? parseJson(output) : output
  if (parsed === undefined || typeof parsed !== 'object' || parsed === null) {
    return output === null || output === '' ? null : saying(textOf(output))
  }
  if (objectAt(arrayAt(parsed, 'choices')[0], 'message') !== null && isObject(parsed)) return parsed
  const reply = replyOf(parsed)
  if (reply !== null) return ofReply(reply)
  const said = ofMessages(isArray(parsed) ? parsed : [parsed])
  // An answer in JSON looks like a wrapper that is not known, unless JSON was asked for.
  return said ?? (asksForJson ? saying(textOf(output)) : null)
}

function textOf(output: Json): string {
  return typeof output === 'string' ? output : JSON.stringify(output)
}

/** The answer of another API, as that API's reader understands it. */
function replyOf(parsed: Json): Reply | null {
  const known = responsesReplyOf(parsed) ?? anthropicReplyOf(parsed)
  if (known !== null) return known
  if (arrayAt(objectAt(parsed, 'content'), 'parts').length === 0) return geminiReplyOf(parsed)
  const usage = fieldOf(parsed, 'usage_metadata') ?? fieldOf(parsed, 'usageMetadata') ?? null
  return geminiReplyOf({ candidates: [parsed], usage_metadata: usage })
}

const reasons: Readonly<Record<Reply['stop'], string | null>> = {
  end: 'stop',
  length: 'length',
  tool: 'tool_calls',
  filtered: 'content_filter',
  refused: 'stop',
  unknown: null,
}

function ofReply({ text, toolCalls, stop, usage, servedModel }: Reply): JsonObject {
  const tool_calls = toolCalls.map((call) => callObject({ id: null, ...call }))
  const message = { role: 'assistant', content: text, ...(tool_calls.length === 0 ? {} : { tool_calls }) }
  return {
    ...(servedModel === null ? {} : { model: servedModel }),
    ...choice(stop === 'refused' ? { ...message, content: null, refusal: text } : message, reasons[stop]),
    ...(usage === null ? {} : { usage: billOf(usage) }),
  }
}

function billOf({ input, output, cachedInput, reasoning }: NonNullable<Reply['usage']>): JsonObject {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cachedInput === null ? {} : { prompt_tokens_details: { cached_tokens: cachedInput } }),
    ...(reasoning === null ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  }
}

/** Messages of the assistant's and nothing else; null for a whole conversation, of which nobody says what is new. */
function ofMessages(list: readonly Json[]): JsonObject | null {
  const messages = list.map((each) => objectAt(each, 'message') ?? each)
  if (messages.some((each) => !isObject(each) || textAt(each, 'tool_call_id') !== null)) return null
  const turns = messages.map(turnsOf)
  const said = turns.flatMap((each) => (each instanceof Unclear ? [] : each))
  if (turns.some((each) => each instanceof Unclear) || said.length === 0) return null
  const texts: string[] = []
  const calls: JsonObject[] = []
  for (const turn of said) {
    if (turn.kind !== 'said' || turn.role !== 'assistant') return null
    texts.push(spoken(turn.content))
    calls.push(...turn.calls.map(callObject))
  }
  const refusal = messages.map((each) => textAt(each, 'refusal')).find((each) => each !== null)
  const message = {
    role: 'assistant',
    content: texts.join(''),
    ...(refusal === undefined ? {} : { refusal }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  }
  return choice(message, finishOf(list.at(-1), messages.at(-1)))
}

function spoken(content: Json): string {
  if (typeof content === 'string') return content
  return isArray(content) ? content.map((part) => textAt(part, 'text') ?? '').join('') : ''
}

/** The same in the words of other APIs, as tracers hand them on. */
const reasonWords: Readonly<Record<string, string>> = {
  tool_call: 'tool_calls',
  tool_use: 'tool_calls',
  'tool-calls': 'tool_calls',
  end_turn: 'stop',
  stop_sequence: 'stop',
  STOP: 'stop',
  max_tokens: 'length',
  MAX_TOKENS: 'length',
  'content-filter': 'content_filter',
}

function finishOf(...holders: readonly (Json | undefined)[]): string | null {
  const words = holders.flatMap((each) => [
    textAt(each, 'finish_reason'),
    textAt(objectAt(each, 'response_metadata'), 'finish_reason'),
  ])
  const reason = words.find((each) => each !== null) ?? null
  return reason !== null && Object.hasOwn(reasonWords, reason) ? (reasonWords[reason] ?? null) : reason
}

function saying(text: string): JsonObject {
  return choice({ role: 'assistant', content: text }, null)
}

function choice(message: JsonObject, reason: string | null): JsonObject {
  return { choices: [{ index: 0, message, finish_reason: reason }] }
}

// The AI SDK of Vercel, as its own telemetry has it: a span around the whole, and one around each call to a provider.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { meant } from '../chatml/chat.ts'
import { worded } from '../chatml/unclear.ts'
import { tracedUsage } from '../parts/counted.ts'
import { conversationOf, segmentsOf, userOf } from '../parts/fields.ts'
import { below, listAt, numberAt, objectIn, wordAt } from './attributes.ts'
import { type Dialect, type Told, told } from './dialect.ts'
import { genAiFacts } from './gen-ai-attributes.ts'
import type { Span } from './span.ts'

export const vercel = { read } as const satisfies Dialect

const calls = /^ai\.(?:generate|stream)(?:Text|Object)(?:\.do(?:Generate|Stream))?$/

function read({ attributes }: Span): Told | string | null {
  const operation = wordAt(attributes, 'ai.operationId')
  if (operation === null) return null
  if (!calls.test(operation)) return `an operation of the AI SDK that is no chat: ${worded(operation)}`
  const isInner = operation.includes('.do')
  const isObjectCall = operation.includes('Object')
  const facts = genAiFacts(attributes)
  const metadata = below(attributes, 'ai.telemetry.metadata.')
  const counted = tracedUsage({
    input: numberAt(attributes, 'ai.usage.inputTokens', 'ai.usage.promptTokens'),
    output: numberAt(attributes, 'ai.usage.outputTokens', 'ai.usage.completionTokens'),
    cachedInput: numberAt(attributes, 'ai.usage.cachedInputTokens'),
    cacheWrite: null,
    reasoning: numberAt(attributes, 'ai.usage.reasoningTokens'),
  })
  return told({
    ...facts,
    // The schema is known to the span around the call alone, which then stands in for it.
    input: isInner && isObjectCall ? null : inputOf(attributes),
    output: outputOf(attributes),
    settings: { ...settingsOf(attributes), ...facts.settings, ...formatOf(attributes, isObjectCall) },
    model: facts.model ?? wordAt(attributes, 'ai.model.id'),
    usage: counted ?? facts.usage,
    firstTokenMs: numberAt(attributes, 'ai.response.msToFirstChunk'),
    isStream: operation.startsWith('ai.stream'),
    user: userOf(metadata) ?? facts.user,
    conversation: conversationOf(metadata) ?? facts.conversation,
    segments: { ...functionOf(attributes), ...segmentsOf({ metadata }) },
    responseId: wordAt(attributes, 'ai.response.id') ?? facts.responseId,
    advice:
      isObjectCall && isInner
        ? 'the schema stands on the span around it'
        : 'inputs were not recorded: leave recordInputs on in experimental_telemetry',
  })
}

function inputOf(attributes: JsonObject): Json {
  const whole = objectIn(attributes, 'ai.prompt')
  const list = listAt(attributes, 'ai.prompt.messages')
  const messages = list.length > 0 ? list : arrayAt(whole, 'messages')
  const prompt = fieldOf(whole, 'prompt')
  const asked = messages.length > 0 ? messages : isArray(prompt) ? prompt : null
  const said = asked ?? (typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : [])
  if (said.length === 0) return null
  const tools = listAt(attributes, 'ai.prompt.tools').map((tool) => toolOf(meant(tool)))
  const system = list.length > 0 ? null : textAt(whole, 'system')
  return {
    messages: said.map(messageOf),
    ...(system === null ? {} : { system }),
    ...(tools.length === 0 ? {} : { tools }),
  }
}

function toolOf(tool: Json): Json {
  const schema = objectAt(tool, 'inputSchema') ?? objectAt(tool, 'parameters')
  return isObject(tool) && schema !== null ? { ...tool, parameters: schema } : tool
}

function messageOf(message: Json): Json {
  const content = fieldOf(message, 'content')
  return isObject(message) && isArray(content) ? { role: textAt(message, 'role'), parts: content.map(partOf) } : message
}

function partOf(part: Json): Json {
  const [id, name] = [textAt(part, 'toolCallId'), textAt(part, 'toolName')]
  const type = textAt(part, 'type')
  if (type === 'tool-call') {
    return { type: 'tool_call', id, name, arguments: fieldOf(part, 'input') ?? fieldOf(part, 'args') ?? {} }
  }
  if (type === 'tool-result') return { type: 'tool_call_response', id, name, result: resultOf(part) }
  const url = type === 'image' ? textAt(part, 'image') : null
  return url !== null && /^(?:https?:|data:)/.test(url) ? { type: 'image_url', image_url: { url } } : part
}

/** Since version 5 a result says what kind of value it is. */
function resultOf(part: Json): Json {
  const output = objectAt(part, 'output')
  const typed = output !== null && textAt(output, 'type') !== null ? fieldOf(output, 'value') : undefined
  return typed ?? output ?? fieldOf(part, 'result') ?? ''
}

function outputOf(attributes: JsonObject): Json {
  const text = wordAt(attributes, 'ai.response.text', 'ai.response.object')
  const tools = listAt(attributes, 'ai.response.toolCalls').map((call) => ({
    id: textAt(call, 'toolCallId'),
    name: textAt(call, 'toolName'),
    arguments: fieldOf(call, 'input') ?? fieldOf(call, 'args') ?? {},
  }))
  if (text === null && tools.length === 0) return null
  const finish_reason = wordAt(attributes, 'ai.response.finishReason')
  return [
    { role: 'assistant', content: text ?? '', ...(tools.length === 0 ? {} : { tool_calls: tools }), finish_reason },
  ]
}

/** Their names are those of the SDK's options; limits of retries and steps are no part of a request. */
const settingNames: readonly (readonly [string, string])[] = [
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['maxOutputTokens', 'max_tokens'],
  ['maxTokens', 'max_tokens'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['presencePenalty', 'presence_penalty'],
  ['seed', 'seed'],
  ['stopSequences', 'stop_sequences'],
]

function settingsOf(attributes: JsonObject): JsonObject {
  const set = settingNames.flatMap(([from, to]) => {
    const value = fieldOf(attributes, `ai.settings.${from}`)
    return value === undefined ? [] : [[to, value] as const]
  })
  const choice = objectIn(attributes, 'ai.prompt.toolChoice')
  const name = textAt(choice, 'toolName')
  const tool_choice = name === null ? textAt(choice, 'type') : { name }
  return { ...Object.fromEntries(set), ...(tool_choice === null ? {} : { tool_choice }) }
}

function formatOf(attributes: JsonObject, isObjectCall: boolean): JsonObject {
  const schema = objectIn(attributes, 'ai.schema')
  if (!isObjectCall) return {}
  if (schema === null) return { response_format: { type: 'json_object' } }
  const name = wordAt(attributes, 'ai.schema.name') ?? 'answer'
  return { response_format: { type: 'json_schema', json_schema: { name, schema } } }
}

function functionOf(attributes: JsonObject): Readonly<Record<string, string>> {
  const name = wordAt(attributes, 'ai.telemetry.functionId')
  return name === null ? {} : { function: name }
}

// OpenInference, as Arize's Phoenix has it: a kind for each span, and messages flattened into numbered attributes.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { meant } from '../chatml/chat.ts'
import { worded } from '../chatml/unclear.ts'
import { tracedUsage } from '../parts/counted.ts'
import { segmentsOf } from '../parts/fields.ts'
import { holdsMark } from '../parts/marks.ts'
import { tagSegments } from '../parts/tags.ts'
import { listAt, numberAt, objectIn, unflattened, wordAt } from './attributes.ts'
import { type Dialect, type Told, told } from './dialect.ts'
import type { Span } from './span.ts'

export const openInference = { read } as const satisfies Dialect

/** What stands where a text was hidden. */
const hidden = '__REDACTED__'

function read({ attributes }: Span): Told | string | null {
  const kind = wordAt(attributes, 'openinference.span.kind')
  if (kind === null) return null
  if (kind !== 'LLM') return `a span of the kind ${worded(kind)}`
  const settings = objectIn(attributes, 'llm.invocation_parameters') ?? {}
  const input = inputOf(attributes, settings)
  const reason = wordAt(attributes, 'llm.finish_reason')
  const output = unflattened(attributes, 'llm.output_messages.').map(messageOf)
  const said =
    output.length === 0
      ? meant(fieldOf(attributes, 'output.value'))
      : output.map((message) => ({ ...message, finish_reason: reason }))
  return told({
    input: holdsMark(input, [hidden]) ? null : input,
    output: holdsMark(said, [hidden]) ? null : said,
    settings,
    model:
      wordAt(attributes, 'llm.request.model_name') ?? textAt(settings, 'model') ?? wordAt(attributes, 'llm.model_name'),
    usage: tracedUsage({
      input: numberAt(attributes, 'llm.token_count.prompt'),
      output: numberAt(attributes, 'llm.token_count.completion'),
      cachedInput: numberAt(attributes, 'llm.token_count.prompt_details.cache_read'),
      cacheWrite: numberAt(attributes, 'llm.token_count.prompt_details.cache_write'),
      reasoning: numberAt(attributes, 'llm.token_count.completion_details.reasoning'),
    }),
    user: wordAt(attributes, 'user.id'),
    conversation: wordAt(attributes, 'session.id'),
    segments: {
      ...segmentsOf({ metadata: objectIn(attributes, 'metadata') ?? {} }),
      ...tagSegments(listAt(attributes, 'tag.tags')),
    },
    advice: 'it was hidden: leave OPENINFERENCE_HIDE_INPUTS and the other variables of that name unset',
  })
}

/** The messages, or the whole input where a framework flattened none. */
function inputOf(attributes: JsonObject, settings: JsonObject): Json {
  const messages = unflattened(attributes, 'llm.input_messages.').map(messageOf)
  if (messages.length === 0) return meant(fieldOf(attributes, 'input.value'))
  const declared = unflattened(attributes, 'llm.tools.').map(toolOf)
  const tools = declared.length === 0 ? arrayAt(settings, 'tools') : declared
  return { messages, ...(tools.length === 0 ? {} : { tools }) }
}

function toolOf(item: Json): Json {
  const tool = objectAt(item, 'tool')
  const schema = meant(fieldOf(tool, 'json_schema'))
  return isObject(schema) ? schema : { name: textAt(tool, 'name'), description: textAt(tool, 'description') }
}

function messageOf(item: Json): JsonObject {
  const message = objectAt(item, 'message')
  const calls = arrayAt(message, 'tool_calls').map(callOf)
  const parts = arrayAt(message, 'contents').map(partOf)
  const legacy = textAt(message, 'function_call_name')
  return {
    role: textAt(message, 'role'),
    content: parts.length === 0 ? (fieldOf(message, 'content') ?? null) : parts,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(legacy === null
      ? {}
      : { function_call: { name: legacy, arguments: fieldOf(message, 'function_call_arguments_json') ?? '{}' } }),
    ...(textAt(message, 'tool_call_id') === null ? {} : { tool_call_id: textAt(message, 'tool_call_id') }),
    ...(textAt(message, 'name') === null ? {} : { name: textAt(message, 'name') }),
  }
}

function callOf(item: Json): JsonObject {
  const call = objectAt(item, 'tool_call')
  const called = objectAt(call, 'function')
  return {
    id: textAt(call, 'id'),
    function: { name: textAt(called, 'name'), arguments: fieldOf(called, 'arguments') ?? '{}' },
  }
}

function partOf(item: Json): JsonObject {
  const part = objectAt(item, 'message_content')
  const type = textAt(part, 'type')
  if (type === 'text') return { type, text: fieldOf(part, 'text') ?? '' }
  const url = textAt(objectAt(objectAt(part, 'image'), 'image'), 'url')
  return type === 'image' && url !== null ? { type: 'image_url', image_url: { url } } : { type }
}

// The shape of a request body: all that decides how a server reads it, and nothing of what it is about.

import type { Json, JsonObject } from '../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt } from '../providers/shape.ts'
import { isPrefilled } from './rules/questions.ts'

export interface BodyShape {
  readonly api: string
  /** The names of its fields, sorted; of Gemini's and Ollama's settings too (`generationConfig.topK`). */
  readonly parameters: readonly string[]
  readonly roles: readonly string[]
  /** Kinds of content: `text`, `image_url`, `tool_result`, `inlineData`. */
  readonly content: readonly string[]
  /** How tools are described, or null where none are: `function.parameters`, `input_schema`, with ` strict`. */
  readonly tools: string | null
  readonly format: string | null
  readonly isPrefilled: boolean
  readonly isStreamed: boolean
}

/** Fields that every body of some API has, and those that are said otherwise. */
const unsaid = new Set(['model', 'messages', 'contents', 'input', 'prompt', 'stream', 'stream_options', 'metadata'])
const settingFields = new Set([
  'generationConfig',
  'generation_config',
  'options',
  'text',
  'reasoning',
  'output_config',
  'thinking',
])

export function shapeOf(api: string, body: JsonObject, isStreamed: boolean): BodyShape {
  const messages = [...arrayAt(body, 'messages'), ...arrayAt(body, 'contents'), ...arrayAt(body, 'input')]
  return {
    api,
    parameters: Object.keys(body)
      .filter((field) => !unsaid.has(field))
      .flatMap((field) => withSettings(body, field))
      .toSorted(),
    roles: sorted(messages.map((each) => textAt(each, 'role') ?? textAt(each, 'type') ?? 'none')),
    content: sorted(messages.flatMap(kindsOf)),
    tools: dialectOf(body),
    format: formatOf(body),
    isPrefilled: isPrefilled(body),
    isStreamed,
  }
}

function sorted(words: readonly string[]): readonly string[] {
  return [...new Set(words)].toSorted()
}

function withSettings(body: JsonObject, field: string): readonly string[] {
  const settings = settingFields.has(field) ? objectAt(body, field) : null
  return settings === null ? [field] : Object.keys(settings).map((name) => `${field}.${name}`)
}

function kindsOf(message: Json): readonly string[] {
  const content = fieldOf(message, 'content')
  const parts = isArray(content) ? content : arrayAt(message, 'parts')
  const called = ['tool_calls', 'function_call', 'images'].filter((field) => fieldOf(message, field) !== undefined)
  return [...called, ...(typeof content === 'string' ? ['text'] : []), ...parts.map(kindOf)]
}

/** A typed part says what it is; Gemini's is what its only field is called. */
function kindOf(part: Json): string {
  return textAt(part, 'type') ?? (isObject(part) ? (Object.keys(part)[0] ?? 'none') : 'none')
}

function dialectOf(body: JsonObject): string | null {
  const tools = arrayAt(body, 'tools').map((tool) => {
    const described = objectAt(tool, 'function')
    const strict = fieldOf(described ?? tool, 'strict') === true ? ' strict' : ''
    if (described !== null) return `function.parameters${strict}`
    if (fieldOf(tool, 'input_schema') !== undefined) return `input_schema${strict}`
    if (fieldOf(tool, 'parameters') !== undefined) return `parameters${strict}`
    const declared = fieldOf(tool, 'functionDeclarations') ?? fieldOf(tool, 'function_declarations')
    return declared === undefined ? (textAt(tool, 'type') ?? 'other') : 'functionDeclarations'
  })
  const all = sorted([...tools, ...(arrayAt(body, 'functions').length > 0 ? ['functions'] : [])])
  return all.length === 0 ? null : all.join(', ')
}

function formatOf(body: JsonObject): string | null {
  const config = objectAt(body, 'generationConfig') ?? objectAt(body, 'generation_config')
  const format = fieldOf(body, 'format')
  return (
    textAt(objectAt(body, 'response_format'), 'type') ??
    textAt(objectAt(objectAt(body, 'text'), 'format'), 'type') ??
    textAt(objectAt(objectAt(body, 'output_config'), 'format'), 'type') ??
    textAt(config, 'responseMimeType') ??
    textAt(config, 'response_mime_type') ??
    (isObject(format) ? 'schema' : typeof format === 'string' ? format : null)
  )
}

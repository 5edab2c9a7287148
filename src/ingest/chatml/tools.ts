// The tools that a request offered, in the dialects of frameworks → OpenAI's function tools.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { isTooDeep } from '../redact.ts'
import { allClear, Unclear, worded } from './unclear.ts'

/** Unclear where a tool is no function of the caller's: a provider's own search cannot be offered elsewhere. */
export function toolsOf(list: readonly Json[]): readonly JsonObject[] | Unclear {
  return allClear(list.flatMap(declarations).map(toolOf))
}

/** Gemini groups its functions. */
function declarations(tool: Json): readonly Json[] {
  const grouped = [...arrayAt(tool, 'function_declarations'), ...arrayAt(tool, 'functionDeclarations')]
  return grouped.length === 0 ? [tool] : grouped
}

const schemaFields = ['parameters', 'input_schema', 'parameters_json_schema', 'parametersJsonSchema', 'args_schema']

function toolOf(tool: Json): JsonObject | Unclear {
  const type = textAt(tool, 'type')
  const declared = objectAt(tool, 'function') ?? tool
  const name = textAt(declared, 'name')
  if (name === null || (type !== null && type !== 'function')) {
    return new Unclear(`a tool that is no function: ${worded(type ?? name)}`)
  }
  const description = textAt(declared, 'description')
  const schema = schemaFields.map((field) => objectAt(declared, field)).find((each) => each !== null)
  if (schema !== undefined && isTooDeep(schema)) return new Unclear('JSON that nests too deeply')
  const strict = fieldOf(declared, 'strict')
  return {
    type: 'function',
    function: {
      name,
      ...(description === null ? {} : { description }),
      ...(schema === undefined ? {} : { parameters: plainSchema(schema) }),
      ...(typeof strict === 'boolean' ? { strict } : {}),
    },
  }
}

const geminiTypes = new Set(['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL'])

/** Gemini writes the types of a schema in capitals; JSON Schema does not know them so. */
export function plainSchema(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).map(([field, value]) => [field, plainValue(field, value)]))
}

function plainValue(field: string, value: Json): Json {
  if (field === 'type' && typeof value === 'string' && geminiTypes.has(value)) return value.toLowerCase()
  if (isArray(value)) return value.map((each) => plainValue('', each))
  return isObject(value) ? plainSchema(value) : value
}

/** LangChain's tracer for Langfuse logs the tools as messages behind the chat. */
export function isToolMessage(message: Json): boolean {
  const content = objectAt(message, 'content')
  return textAt(message, 'role') === 'tool' && textAt(content ?? null, 'type') === 'function' && !hasCall(message)
}

function hasCall(message: Json): boolean {
  return textAt(message, 'tool_call_id') !== null
}

/** Langfuse's own column: each name with the JSON of its description and of its parameters, as text. */
export function toolsOfColumn(column: JsonObject): readonly Json[] {
  return Object.entries(column).map(([name, text]) => {
    const kept = typeof text === 'string' ? parseJson(text) : text
    const schema = fieldOf(kept, 'parameters')
    const parameters = typeof schema === 'string' ? parseJson(schema) : schema
    const description = fieldOf(kept, 'description') ?? ''
    return { name, description, ...(isObject(parameters) ? { parameters } : {}) }
  })
}

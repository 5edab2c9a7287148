// The form of answer that a captured request asks for, by API: what structure metrics hold an answer against.

import type { AskedForm, Json, JsonObject } from '../core/types.ts'
import { arrayAt, fieldOf, isObject, objectAt, textAt } from './shape.ts'

const nothing: AskedForm = { isJson: false, schema: null, tools: [] }

function names(tools: readonly Json[], of: (tool: Json) => string | null): string[] {
  return tools.flatMap((tool) => of(tool) ?? [])
}

/** `response_format` of chat completions, `text.format` of responses: `json_object`, or `json_schema` with its schema. */
function askedBy(format: JsonObject | null, schema: Json | undefined): Pick<AskedForm, 'isJson' | 'schema'> {
  const type = textAt(format ?? {}, 'type')
  const isJson = type === 'json_object' || type === 'json_schema'
  return { isJson, schema: isJson && isObject(schema) ? schema : null }
}

export function askedOfChat(body: JsonObject): AskedForm {
  const format = objectAt(body, 'response_format')
  const legacy = names(arrayAt(body, 'functions'), (tool) => textAt(tool, 'name'))
  const tools = names(arrayAt(body, 'tools'), (tool) => textAt(objectAt(tool, 'function') ?? {}, 'name'))
  return {
    ...askedBy(format, fieldOf(objectAt(format ?? {}, 'json_schema') ?? {}, 'schema')),
    tools: [...tools, ...legacy],
  }
}

export function askedOfResponses(body: JsonObject): AskedForm {
  const format = objectAt(objectAt(body, 'text') ?? {}, 'format')
  return {
    ...askedBy(format, fieldOf(format ?? {}, 'schema')),
    tools: names(arrayAt(body, 'tools'), (tool) => textAt(tool, 'name')),
  }
}

/** `output_config.format` (`output_format` in the beta): `json_schema` alone. */
export function askedOfAnthropic(body: JsonObject): AskedForm {
  const format = objectAt(objectAt(body, 'output_config') ?? {}, 'format') ?? objectAt(body, 'output_format')
  return {
    ...askedBy(format, fieldOf(format ?? {}, 'schema')),
    tools: names(arrayAt(body, 'tools'), (tool) => textAt(tool, 'name')),
  }
}

/** Camel case of the REST API, snake case of what some clients send. */
export function askedOfGemini(body: JsonObject): AskedForm {
  const config = objectAt(body, 'generationConfig') ?? objectAt(body, 'generation_config') ?? {}
  const schema = fieldOf(config, 'responseJsonSchema') ?? fieldOf(config, 'response_json_schema')
  const isJson = (textAt(config, 'responseMimeType') ?? textAt(config, 'response_mime_type')) === 'application/json'
  const declared = arrayAt(body, 'tools').flatMap((tool) => [
    ...arrayAt(tool, 'functionDeclarations'),
    ...arrayAt(tool, 'function_declarations'),
  ])
  // `responseSchema` is OpenAPI's dialect, which no JSON Schema validator reads.
  return {
    isJson,
    schema: isJson && isObject(schema) ? schema : null,
    tools: names(declared, (tool) => textAt(tool, 'name')),
  }
}

/** `format`: "json", or a schema. */
export function askedOfOllama(body: JsonObject): AskedForm {
  const format = fieldOf(body, 'format')
  const tools = names(arrayAt(body, 'tools'), (tool) => textAt(objectAt(tool, 'function') ?? {}, 'name'))
  return { isJson: format === 'json' || isObject(format), schema: isObject(format) ? format : null, tools }
}

/** Text completions know no other form. */
export function askedOfText(): AskedForm {
  return nothing
}

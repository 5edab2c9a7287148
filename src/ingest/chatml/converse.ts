// A request of Bedrock's Converse, which many models take → the body of an OpenAI chat request.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, countAt, fieldOf, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { isTooDeep } from '../redact.ts'
import { messagesOf } from './messages.ts'
import { toolsOf } from './tools.ts'
import { allClear, Unclear, worded } from './unclear.ts'

/** Fields that change nothing of what is asked, or that are read here. */
const known = new Set(
  `messages system inferenceConfig toolConfig additionalModelRequestFields additionalModelResponseFieldPaths
  requestMetadata performanceConfig serviceTier modelId`.split(/\s+/),
)

/** The request, or why nobody can say it in OpenAI's words. */
export function converseRequest(body: JsonObject): JsonObject | Unclear {
  if (isTooDeep(body)) return new Unclear('JSON that nests too deeply')
  const foreign = Object.keys(body).find((field) => !known.has(field) && (body[field] ?? null) !== null)
  if (foreign !== undefined) return new Unclear(`Converse's \`${worded(foreign)}\`, which an OpenAI chat does not have`)
  const more = Object.keys(objectAt(body, 'additionalModelRequestFields') ?? {})
  if (more.length > 0) {
    return new Unclear(`fields of its model's own (\`${worded(more[0] ?? null)}\`), which an OpenAI chat does not have`)
  }
  const system = allClear(arrayAt(body, 'system').filter(isNoCachePoint).map(blockOf))
  const turns = allClear(arrayAt(body, 'messages').map(turnOf))
  const tools = toolsIn(objectAt(body, 'toolConfig'))
  const settings = settingsIn(objectAt(body, 'inferenceConfig') ?? {})
  if (system instanceof Unclear) return system
  if (turns instanceof Unclear) return turns
  if (tools instanceof Unclear) return tools
  if (settings instanceof Unclear) return settings
  const messages = messagesOf([...(system.length === 0 ? [] : [{ role: 'system', content: system }]), ...turns])
  if (messages instanceof Unclear) return messages
  if (tools === null && messages.some((each) => arrayAt(each, 'tool_calls').length > 0)) {
    return new Unclear('calls of tools that it does not describe')
  }
  return { messages, ...tools, ...settings }
}

/** Anthropic's blocks say the same in a dialect that is read here. */
function turnOf(message: Json): JsonObject | Unclear {
  const content = allClear(arrayAt(message, 'content').filter(isNoCachePoint).map(blockOf))
  return content instanceof Unclear ? content : { role: fieldOf(message, 'role') ?? null, content }
}

/** Where a prompt cache is to end: no word of the prompt. */
function isNoCachePoint(block: Json): boolean {
  return objectAt(block, 'cachePoint') === null
}

function blockOf(block: Json): JsonObject | Unclear {
  const text = fieldOf(block, 'text')
  if (typeof text === 'string') return { type: 'text', text }
  const call = objectAt(block, 'toolUse')
  if (call !== null) {
    const { toolUseId: id = null, name = null, input = null } = call
    return { type: 'tool_use', id, name, input }
  }
  const result = objectAt(block, 'toolResult')
  if (result !== null) return resultOf(result)
  const image = objectAt(block, 'image')
  if (image !== null) return imageOf(image)
  // Reasoning that is handed back; no chat completion takes it.
  if (objectAt(block, 'reasoningContent') !== null) return { type: 'thinking' }
  const [kind] = isObject(block) ? Object.keys(block) : []
  return new Unclear(`a content block that is not read: ${worded(kind ?? null)}`)
}

function resultOf(result: JsonObject): JsonObject | Unclear {
  const content = allClear(
    arrayAt(result, 'content').map((part) => {
      const text = fieldOf(part, 'text')
      if (typeof text === 'string') return { type: 'text', text }
      const json = fieldOf(part, 'json')
      return json === undefined
        ? new Unclear('a result of a tool that is no text')
        : { type: 'text', text: JSON.stringify(json) }
    }),
  )
  if (content instanceof Unclear) return content
  return { type: 'tool_result', tool_use_id: fieldOf(result, 'toolUseId') ?? null, content }
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/

function imageOf(image: JsonObject): JsonObject | Unclear {
  const bytes = textAt(objectAt(image, 'source'), 'bytes')
  const format = textAt(image, 'format')
  if (bytes === null || format === null || !base64.test(bytes)) return new Unclear('a picture that lies elsewhere')
  return { type: 'image_url', image_url: { url: `data:image/${worded(format)};base64,${bytes}` } }
}

function toolsIn(config: JsonObject | null): JsonObject | Unclear | null {
  const specs = arrayAt(config, 'tools').filter(isNoCachePoint).map(toolIn)
  const declared = allClear(specs)
  if (declared instanceof Unclear) return declared
  const tools = toolsOf(declared)
  if (tools instanceof Unclear) return tools
  if (tools.length === 0) return null
  const choice = objectAt(config, 'toolChoice')
  const name = textAt(objectAt(choice, 'tool'), 'name')
  const word = objectAt(choice, 'any') === null ? null : 'required'
  const tool_choice = name === null ? word : { type: 'function', function: { name } }
  return { tools, ...(tool_choice === null ? {} : { tool_choice }) }
}

function toolIn(tool: Json): JsonObject | Unclear {
  const spec = objectAt(tool, 'toolSpec')
  if (spec === null) return new Unclear('a tool that is no function')
  return { ...spec, input_schema: fieldOf(objectAt(spec, 'inputSchema'), 'json') ?? null }
}

const settingNames = new Set(['maxTokens', 'temperature', 'topP', 'stopSequences'])

function settingsIn(config: JsonObject): JsonObject | Unclear {
  const foreign = Object.keys(config).find((field) => !settingNames.has(field))
  if (foreign !== undefined) return new Unclear(`a setting that is not read: ${worded(foreign)}`)
  const numberAt = (field: string) => {
    const value = fieldOf(config, field)
    return typeof value === 'number' ? value : null
  }
  const settings = {
    max_tokens: countAt(config, 'maxTokens'),
    temperature: numberAt('temperature'),
    top_p: numberAt('topP'),
    stop: arrayAt(config, 'stopSequences').length === 0 ? null : arrayAt(config, 'stopSequences'),
  }
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null))
}

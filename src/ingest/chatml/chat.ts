// What went into a generation and what is known beside it → the body of an OpenAI chat request.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { isTooDeep } from '../redact.ts'
import { messagesOf } from './messages.ts'
import { asksForStream, settingsOf } from './settings.ts'
import { isToolMessage, toolsOf, toolsOfColumn } from './tools.ts'
import { Unclear } from './unclear.ts'

/** A generation as a tracer logged it: JSON, or text that may be JSON. */
interface Generation {
  readonly input: Json
  readonly output: Json
  readonly model: string | null
  readonly parameters: JsonObject | null
  readonly metadata: JsonObject | null
  /** Name of each tool → the JSON of what it is. */
  readonly toolColumn: JsonObject | null
  readonly hasFirstToken: boolean
}

/** JSON that may stand in a string; text stays text. */
export function meant(value: Json | undefined): Json {
  if (typeof value !== 'string') return value ?? null
  const parsed = parseJson(value)
  return typeof parsed === 'object' && parsed !== null ? parsed : value
}

/** The request, or why nobody can say what it was. */
export function bodyOf(generation: Generation): JsonObject | Unclear {
  const input = meant(generation.input)
  const output = meant(generation.output)
  if (isTooDeep(input) || isTooDeep(output)) return new Unclear('JSON that nests too deeply')
  // Responses repeat in their answer what they were asked for.
  const answer = isObject(output) && isArray(fieldOf(output, 'output')) ? output : null
  const elsewhere = keptElsewhere.find((field) => (fieldOf(answer, field) ?? null) !== null)
  if (elsewhere !== undefined) {
    return new Unclear(`a request that leans on \`${elsewhere}\`, which the log does not have`)
  }
  const list = listOf(input, answer)
  if (list instanceof Unclear) return list
  const messages = messagesOf(list.filter((each) => !isToolMessage(each)))
  const tools = toolsOf(offered(generation, input, answer, list))
  if (messages instanceof Unclear) return messages
  if (tools instanceof Unclear) return tools
  if (tools.length === 0 && (messages.some(hasCalls) || answersWithCalls(output))) {
    return new Unclear('calls of tools that the log does not describe')
  }
  const asked = isObject(input) ? input : null
  const { parameters, hasFirstToken } = generation
  const model = textAt(asked, 'model') ?? textAt(parameters, 'model') ?? generation.model
  const format = meant(fieldOf(generation.metadata ?? undefined, 'response_format'))
  return {
    ...(model === null ? {} : { model }),
    messages,
    ...(tools.length === 0 ? {} : { tools }),
    ...settingsOf(
      [asked, objectAt(asked, 'config'), answer, parameters, { response_format: format }],
      tools.length > 0,
    ),
    ...(hasFirstToken || asksForStream(parameters) ? { stream: true } : {}),
  }
}

/** What Responses may keep at the provider: the conversation so far, and the prompt. */
const keptElsewhere = ['previous_response_id', 'conversation', 'prompt']

/** Flattened prompts of some tracers (`user: Hi` in lines): where a message ends is anybody's guess. */
const flattened = /^\s*(?:system|developer|user|human|assistant|ai|tool)\s*:/i
const cut = '<truncated due to size exceeding limit>'

function listOf(input: Json, answer: JsonObject | null): readonly Json[] | Unclear {
  if (typeof input !== 'string') return structured(input, answer)
  if (input.trim() === '') return new Unclear('no input')
  if (input === cut) return new Unclear('an input that Langfuse left out for its size')
  if (flattened.test(input)) return new Unclear('messages that were flattened into one text')
  return withSystem(fieldOf(answer, 'instructions'), [{ role: 'user', content: input }])
}

function structured(input: Json, answer: JsonObject | null): readonly Json[] | Unclear {
  const instructions = fieldOf(input, 'instructions') ?? fieldOf(answer, 'instructions')
  if (isArray(input)) {
    const [first, ...more] = input
    return withSystem(instructions, isArray(first) && more.length === 0 ? first : input)
  }
  if (!isObject(input)) return new Unclear('no input')
  if (isArray(fieldOf(input, 'messages'))) return withSystem(fieldOf(input, 'system'), arrayAt(input, 'messages'))
  if (isArray(fieldOf(input, 'contents'))) {
    const config = objectAt(input, 'config')
    const system = fieldOf(config, 'system_instruction') ?? fieldOf(config, 'systemInstruction')
    return withSystem(system, arrayAt(input, 'contents'))
  }
  const asked = fieldOf(input, 'input')
  if (isArray(asked)) return withSystem(instructions, asked)
  if (typeof asked === 'string' && instructions !== undefined) {
    return withSystem(instructions, [{ role: 'user', content: asked }])
  }
  if (textAt(input, 'role') !== null) return withSystem(instructions, [input])
  return new Unclear('an input that is no chat')
}

function withSystem(system: Json | undefined, list: readonly Json[]): readonly Json[] | Unclear {
  if (system === undefined || system === null || system === '') return list
  const content = isArray(fieldOf(system, 'parts')) ? arrayAt(system, 'parts') : system
  if (typeof content !== 'string' && !isArray(content)) return new Unclear('instructions that are no text')
  return [{ role: 'system', content }, ...list]
}

/** The tools by the first place that names any. */
function offered(
  { metadata, toolColumn }: Generation,
  input: Json,
  answer: JsonObject | null,
  list: readonly Json[],
): readonly Json[] {
  const attributes = meant(fieldOf(metadata ?? undefined, 'attributes'))
  const agent = meant(fieldOf(attributes, 'model_request_parameters'))
  const defined = meant(fieldOf(attributes, 'gen_ai.tool.definitions'))
  const places = [
    arrayAt(input, 'tools'),
    arrayAt(input, 'functions'),
    arrayAt(objectAt(input, 'config'), 'tools'),
    arrayAt(answer, 'tools'),
    list.filter(isToolMessage).map((each) => fieldOf(each, 'content') ?? null),
    [...arrayAt(agent, 'function_tools'), ...arrayAt(agent, 'output_tools')],
    isArray(defined) ? defined : [],
    toolColumn === null ? [] : toolsOfColumn(toolColumn),
  ]
  return places.find((each) => each.length > 0) ?? []
}

function hasCalls(message: Json): boolean {
  return arrayAt(message, 'tool_calls').length > 0
}

/** Whether the answer calls a tool, in any of the words for it. */
function answersWithCalls(output: Json): boolean {
  return typeof output === 'object' && output !== null && callWords.test(JSON.stringify(output))
}

const callWords = /"(?:tool_calls":\[\{|function_?[cC]all":\{|type":"(?:function_call|tool_call|tool_use)")/

// Which request a line of LiteLLM logged: as the proxy got it, or put together of what the line kept.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, objectAt, parseJson, textAt, without } from '../../providers/shape.ts'
import { bodyOf, unwrapped } from '../parts/fields.ts'

/**
 * Which API a call is in. Of a chat's own request the body tells: LiteLLM answers Anthropic's messages through
 * `acompletion` too. What is passed through may be in any.
 */
export const calls: Readonly<Record<string, string | null>> = {
  completion: null,
  acompletion: null,
  text_completion: 'openai-completions',
  atext_completion: 'openai-completions',
  responses: 'openai-responses',
  aresponses: 'openai-responses',
  anthropic_messages: 'anthropic-messages',
  generate_content: 'gemini-generate-content',
  agenerate_content: 'gemini-generate-content',
  generate_content_stream: 'gemini-generate-content',
  agenerate_content_stream: 'gemini-generate-content',
  pass_through_endpoint: null,
  allm_passthrough_route: null,
}

export const isChat = (call: string) => call === 'completion' || call === 'acompletion'

/** What the proxy itself reads in a request, and hands on to nobody. */
const proxyFields = `litellm_metadata litellm_session_id litellm_trace_id litellm_call_id tags guardrails fallbacks
  num_retries max_retries timeout request_timeout cache caching mock_response disable_fallbacks`.split(/\s+/)

export interface Made {
  readonly api: string | null
  readonly body: JsonObject
}

/** The request of a call of this type; or why there is none that is certain. `asked` is what the proxy got. */
export function requestOf(line: JsonObject, call: string, asked: JsonObject | null): Made | string {
  return asked === null ? madeOf(line, call) : { api: calls[call] ?? null, body: sentOf(asked, call) }
}

/** The request as the proxy got it, which knows settings that the rest of a row does not; null where it is not kept. */
export function askedOf(line: JsonObject): JsonObject | null {
  const kept = [
    fieldOf(line, 'proxy_server_request'),
    fieldOf(bodyOf(fieldOf(line, 'metadata')), 'proxy_server_request'),
  ]
  return kept.map((each) => bodyOf(unwrapped(bodyOf(each) ?? undefined))).find(isRequest) ?? null
}

function isRequest(body: JsonObject | null): boolean {
  return body !== null && ['messages', 'input', 'prompt', 'contents'].some((field) => Object.hasOwn(body, field))
}

/** A chat's `metadata` is LiteLLM's: OpenAI refuses it where nothing is stored. Other APIs have one of their own. */
function sentOf(asked: JsonObject, call: string): JsonObject {
  return without(asked, isChat(call) ? [...proxyFields, 'metadata'] : proxyFields)
}

/** The request put together of the model, the messages and the settings; or why it cannot be. */
function madeOf(line: JsonObject, call: string): Made | string {
  const model = textAt(line, 'model')
  const kept = fieldOf(line, 'messages') ?? null
  const messages = typeof kept === 'string' ? (parseJson(kept) ?? kept) : kept
  const isEmpty = isArray(messages) ? messages.length === 0 : typeof messages !== 'string' || messages === ''
  if (model === null || isEmpty) {
    return 'no request in it: spend logs keep them where `store_prompts_in_spend_logs` is on, callbacks where logging of messages is'
  }
  const logged = objectAt(line, 'model_parameters') ?? {}
  const settings = { ...without(logged, ['extra_body']), ...objectAt(logged, 'extra_body') }
  if (call === 'responses' || call === 'aresponses') {
    return { api: 'openai-responses', body: { ...settings, model, input: messages } }
  }
  if (!isArray(messages)) return 'its `messages` are no list'
  if (call === 'anthropic_messages') return anthropicOf({ ...settings, model }, messages)
  if (!isChat(call)) return `of ${call === '' ? 'a call without a type' : call} only \`proxy_server_request\` is read`
  if (isTranslated(settings)) {
    return "its settings are logged as LiteLLM put them into the provider's own words; spend logs with `proxy_server_request` keep those asked for"
  }
  if (lacksTools(line, messages, settings)) return 'it is about tools, and they are not in the log'
  return { api: 'openai-chat', body: { ...settings, model, messages } }
}

/** LiteLLM puts the system prompt before the messages, where it is a text; where it is of blocks, it is lost. */
function anthropicOf(body: JsonObject, messages: readonly Json[]): Made | string {
  const [first, ...rest] = messages
  if (textAt(first, 'role') !== 'system') {
    return "whether it had a system prompt is not known: LiteLLM's payload loses one of blocks; spend logs with `proxy_server_request` keep it"
  }
  return { api: 'anthropic-messages', body: { ...body, system: fieldOf(first, 'content') ?? null, messages: rest } }
}

/** What is logged is what was sent. Of Anthropic's, Bedrock's and Google's APIs these names would be another request. */
function isTranslated(settings: JsonObject): boolean {
  const foreign = ['stop_sequences', 'max_output_tokens', 'output_config', 'output_format']
  const schemas = ['input_schema', 'toolSpec', 'functionDeclarations', 'function_declarations']
  const tools = arrayAt(settings, 'tools')
  const choice = textAt(objectAt(settings, 'tool_choice'), 'type') ?? ''
  return (
    foreign.some((field) => Object.hasOwn(settings, field)) ||
    tools.some((tool) => schemas.some((field) => fieldOf(tool, field) !== undefined)) ||
    ['auto', 'any', 'tool', 'none'].includes(choice)
  )
}

/** Rows without the request have no settings at all; that tools were among them shows in what was said. */
function lacksTools(line: JsonObject, messages: readonly Json[], settings: JsonObject): boolean {
  if (Object.hasOwn(settings, 'tools') || Object.hasOwn(settings, 'functions')) return false
  const answers = arrayAt(bodyOf(fieldOf(line, 'response')), 'choices').map(
    (choice) => fieldOf(choice, 'message') ?? null,
  )
  // Where settings are logged, a request may well have gone on without the tools of an earlier one.
  const said = objectAt(line, 'model_parameters') === null ? [...messages, ...answers] : answers
  return said.some((each) => arrayAt(each, 'tool_calls').length > 0 || objectAt(each, 'function_call') !== null)
}

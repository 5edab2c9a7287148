// An exchange with a model in the words of OpenTelemetry's conventions for generative AI: never what was asked or answered.

import type { JsonObject, Outcome, Reply, StopReason, Target, Usage } from '../../core/types.ts'
import { endpointOf, withModel } from '../../providers/endpoint.ts'
import { isObject } from '../../providers/shape.ts'

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>

export interface Exchanged {
  readonly target: Target
  readonly api: string
  readonly path: string
  /** The client's, cleaned. */
  readonly request: JsonObject
  /** Of the candidate alone: production is asked as the client asked. */
  readonly isInItsWords: boolean
  readonly isStreamed: boolean
  readonly status: number | null
  /** null where nobody can say: the client left, or the answer was too long to be read. */
  readonly outcome: Outcome | null
  readonly firstTokenMs: number | null
}

/** github.com/open-telemetry/semantic-conventions-genai, docs/gen-ai/client-inference.md. */
export function genAiAttributes(exchanged: Exchanged): Attributes {
  const { target, api, status, outcome, firstTokenMs, isStreamed } = exchanged
  const asked = askedOf(exchanged)
  const { hostname, port, protocol } = new URL(target.baseUrl)
  const reply = outcome?.kind === 'reply' ? outcome.reply : null
  return known({
    'gen_ai.operation.name': operations[api] ?? 'chat',
    'gen_ai.provider.name': providerOf(target, api),
    'gen_ai.request.model': modelOf(asked),
    ...settingsOf(asked),
    'gen_ai.request.stream': isStreamed ? true : null,
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    'http.response.status_code': status,
    'error.type': outcome === null ? null : errorOf(outcome),
    ...(reply === null
      ? { 'gen_ai.response.finish_reasons': isCutOff(exchanged) ? ['error'] : null }
      : replyAttributes(reply)),
    'gen_ai.response.time_to_first_chunk':
      reply !== null && firstTokenMs !== null && Number.isFinite(firstTokenMs) ? firstTokenMs / 1000 : null,
  })
}

/** `{operation} {model}`, as the conventions name a span. */
export function genAiName(attributes: Attributes): string {
  const words = [attributes['gen_ai.operation.name'], attributes['gen_ai.request.model']]
  return words.filter((word) => typeof word === 'string').join(' ')
}

const operations: Readonly<Record<string, string>> = {
  'openai-completions': 'text_completion',
  'gemini-generate-content': 'generate_content',
}

/** The conventions' own words for vendors, where they have one. Another vendor goes by its own name. */
const vendorNames: Readonly<Record<string, string>> = {
  'azure-openai': 'azure.ai.openai',
  'azure-openai-deployments': 'azure.ai.openai',
  mistral: 'mistral_ai',
  xai: 'x_ai',
}

const makers: Readonly<Record<string, string>> = { 'anthropic-messages': 'anthropic', ollama: 'ollama' }

function providerOf({ vendor, baseUrl }: Target, api: string): string {
  if (vendor !== null) return vendorNames[vendor] ?? vendor
  if (api === 'gemini-generate-content') return /aiplatform\./.test(baseUrl) ? 'gcp.vertex_ai' : 'gcp.gemini'
  return makers[api] ?? 'openai'
}

/** What the arm was asked with. */
function askedOf({ request, path, target, isInItsWords }: Exchanged): JsonObject {
  const asked = withModel(request, endpointOf(path)?.model ?? null)
  if (!isInItsWords) return asked
  return { ...asked, ...(target.model !== null && { model: target.model }), ...target.overrides }
}

function modelOf({ model }: JsonObject): string | null {
  return typeof model === 'string' ? model.slice(0, longestWord) : null
}

/** Whatever a client names is cut there. */
const longestWord = 200

/** Numbers alone: stop sequences are a part of what was asked. Names of OpenAI, Anthropic, Gemini and Ollama. */
const settings: readonly (readonly [attribute: string, ...names: readonly string[]])[] = [
  ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'max_tokens', 'maxOutputTokens', 'num_predict'],
  ['temperature', 'temperature'],
  ['top_p', 'top_p', 'topP'],
  ['top_k', 'top_k', 'topK'],
  ['frequency_penalty', 'frequency_penalty', 'frequencyPenalty'],
  ['presence_penalty', 'presence_penalty', 'presencePenalty'],
  ['seed', 'seed'],
  ['choice.count', 'n', 'candidateCount'],
]

function settingsOf(asked: JsonObject): Partial<Attributes> {
  const { generationConfig, options } = asked
  const all = {
    ...asked,
    ...(isObject(generationConfig) && generationConfig),
    ...(isObject(options) && options),
  }
  const found = settings.flatMap(([attribute, ...names]) => {
    const value = names.map((name) => all[name]).find((each) => typeof each === 'number')
    const isSaid = typeof value === 'number' && !(attribute === 'choice.count' && value === 1)
    return isSaid ? [[`gen_ai.request.${attribute}`, value] as const] : []
  })
  return Object.fromEntries(found)
}

/** Words of the conventions' own schema of an answer; others are ours. */
const reasons: Readonly<Record<StopReason, string | null>> = {
  end: 'stop',
  length: 'length',
  tool: 'tool_call',
  filtered: 'content_filter',
  refused: 'refusal',
  unknown: null,
}

/** An answer that began, and had no end. */
function isCutOff({ status, outcome }: Exchanged): boolean {
  return status !== null && status < 300 && outcome !== null && outcome.kind !== 'rejected'
}

function replyAttributes({ servedModel, stop, usage }: Reply): Partial<Record<string, Attribute>> {
  const reason = reasons[stop]
  return {
    'gen_ai.response.model': servedModel?.slice(0, longestWord) ?? null,
    'gen_ai.response.finish_reasons': reason === null ? null : [reason],
    ...(usage !== null && usageAttributes(usage)),
  }
}

function usageAttributes({ input, output, cachedInput, cacheWrite, reasoning }: Usage) {
  return {
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    'gen_ai.usage.cache_read.input_tokens': cachedInput,
    'gen_ai.usage.cache_write.input_tokens': cacheWrite ?? null,
    'gen_ai.usage.reasoning.output_tokens': reasoning,
  }
}

/** Few words: a status, `timeout`, the connection's code, or that the answer was none. Never what a server said. */
export function errorOf(outcome: Outcome): string | null {
  switch (outcome.kind) {
    case 'reply':
      return null
    case 'rejected':
      return String(outcome.status)
    case 'timeout':
      return 'timeout'
    case 'cancelled':
      return 'cancelled'
    case 'broken':
      return /^(?:E|UND_ERR_)[A-Z_]+(?=:)/.exec(outcome.detail)?.[0] ?? 'malformed_answer'
    default:
      return outcome satisfies never
  }
}

type Attribute = string | number | boolean | readonly string[] | null

function known(all: Readonly<Record<string, Attribute | undefined>>): Attributes {
  const found: Record<string, string | number | boolean | readonly string[]> = {}
  for (const [name, value] of Object.entries(all)) if (value !== null && value !== undefined) found[name] = value
  return found
}

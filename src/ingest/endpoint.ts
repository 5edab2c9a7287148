// Which API a logged path or URL is the endpoint of, and which model it names.

import type { JsonObject } from '../core/types.ts'

export interface Endpoint {
  /** A name of the `providers` roster. */
  readonly api: string
  /** What the path itself names: Google's models, Azure's deployments. */
  readonly model: string | null
}

const ends: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)chat\/completions$/, 'openai-chat'],
  // Portkey's stored prompts (`/prompts/{id}/completions`) may be in any API.
  [/(?:^|\/)(?<!\/prompts\/[^/]+\/)completions$/, 'openai-completions'],
  [/(?:^|\/)responses$/, 'openai-responses'],
  [/(?:^|\/)messages$/, 'anthropic-messages'],
  [/:(?:streamG|g)enerateContent$/, 'gemini-generate-content'],
  [/(?:^|\/)api\/chat$/, 'ollama'],
]

/** Endpoints of the same servers that ask no chat model for an answer. */
const otherEnds =
  /\/(?:embeddings|moderations|models|files|images\/\w+|audio\/\w+|rerank|count_tokens|batches)$|:(?:embedContent|batchEmbedContents|countTokens)$/

/** The endpoint that the path or URL ends in; null where it is no call of a chat model, or of an API that is not read. */
export function endpointOf(url: string): Endpoint | null {
  const path = pathOf(url)
  const api = ends.find(([end]) => end.test(path))?.[1]
  return api === undefined ? null : { api, model: modelIn(path) }
}

/** Whether the path or URL is certainly a call of something else than a chat model. */
export function isOtherEndpoint(url: string): boolean {
  return otherEnds.test(pathOf(url))
}

/** Google's and Azure's requests may name their model in the path alone. */
export function withModel(body: JsonObject, model: string | null): JsonObject {
  return model === null || Object.hasOwn(body, 'model') ? body : { model, ...body }
}

function pathOf(url: string): string {
  const [path = ''] = url.split(/[?#]/)
  return path.replace(/\/$/, '')
}

function modelIn(path: string): string | null {
  return /\/(?:models|deployments)\/([^/:]+)(?=[/:])/.exec(path)?.[1] ?? null
}

const askingFields = ['messages', 'input', 'prompt', 'contents']

/** Whether the body asks a model: an application's own `/messages` is no provider's. */
export function asksModel(body: JsonObject): boolean {
  return typeof body['model'] === 'string' && askingFields.some((field) => Object.hasOwn(body, field))
}

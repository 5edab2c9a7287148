// Which API the path of a call is, and what else it says: some APIs name model and stream there, not in the body.

import type { JsonObject } from '../core/types.ts'

export interface Endpoint {
  /** A name of the `providers` roster. */
  readonly api: string
  readonly model: string | null
  /** Whether the path asks for a stream. */
  readonly isStreamed: boolean
}

/** The first that fits. OpenAI's threads and stored completions have `messages` below them too. */
const ends: readonly (readonly [RegExp, string])[] = [
  [/\/chat\/completions$/, 'openai-chat'],
  // Portkey's stored prompts (`/prompts/{id}/completions`) may be in any API.
  [/(?<!\/prompts\/[^/]+)\/completions$/, 'openai-completions'],
  [/\/responses$/, 'openai-responses'],
  [/^(?!.*\/(?:threads|completions)\/).*\/messages$/, 'anthropic-messages'],
  [/:(?:streamG|g)enerateContent$/, 'gemini-generate-content'],
  [/\/publishers\/anthropic\/models\/[^/]+:(?:streamR|r)awPredict$/, 'anthropic-messages'],
  [/\/api\/chat$/, 'ollama'],
]

/** Azure has the deployment in its path, Google the model before its method. */
const models = [/\/deployments\/([^/]+)\//, /\/(?:models|tunedModels|endpoints)\/([^/:]+):\w+$/]

/** null where the path is of none of the APIs. A host before it and a query behind it do not matter. */
export function endpointOf(path: string): Endpoint | null {
  const bare = bareOf(path)
  const api = ends.find(([end]) => end.test(bare))?.[1]
  if (api === undefined) return null
  const model = models.map((pattern) => pattern.exec(bare)?.[1]).find((name) => name !== undefined) ?? null
  return { api, model, isStreamed: /:stream\w+$/.test(bare) }
}

/** Endpoints of the same servers that ask no chat model for an answer. */
const otherEnds =
  /\/(?:embeddings|moderations|models|files|images\/\w+|audio\/\w+|rerank|count_tokens|batches)$|:(?:embedContent|batchEmbedContents|countTokens)$/

/** Whether the path or URL is certainly a call of something else than a chat model. */
export function isOtherEndpoint(path: string): boolean {
  return otherEnds.test(bareOf(path))
}

function bareOf(path: string): string {
  const [bare = ''] = path.split(/[?#]/)
  return bare.startsWith('/') || bare.includes('://') ? bare.replace(/\/$/, '') : `/${bare.replace(/\/$/, '')}`
}

/** Google's and Azure's requests may name their model in the path alone. */
export function withModel(body: JsonObject, model: string | null): JsonObject {
  return model === null || Object.hasOwn(body, 'model') ? body : { model, ...body }
}

const askingFields = ['messages', 'input', 'prompt', 'contents']

/** Whether the body asks a model: an application's own `/messages` is no provider's. */
export function asksModel(body: JsonObject): boolean {
  return typeof body['model'] === 'string' && askingFields.some((field) => Object.hasOwn(body, field))
}

// Which API the path of a call is, and what else it says: some APIs name model and stream there, not in the body.

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
  [/\/completions$/, 'openai-completions'],
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
  const [bare = ''] = path.split(/[?#]/)
  const api = ends.find(([end]) => end.test(bare))?.[1]
  if (api === undefined) return null
  const model = models.map((pattern) => pattern.exec(bare)?.[1]).find((name) => name !== undefined) ?? null
  return { api, model, isStreamed: /:stream\w+$/.test(bare) }
}

// Where the requests of a log are likely to be sent: by their API, and by the name of the model that answered.

import { placeholderModel, placeholderUrl } from './placeholders.ts'

export interface TargetGuess {
  readonly api: string
  readonly vendor: string | null
  readonly baseUrl: string
  readonly model: string
  /** The variable that its key is usually in. */
  readonly keyEnv: string | null
}

interface Place {
  readonly apis: RegExp
  readonly models: RegExp
  readonly baseUrl: string
  readonly vendor?: string
  readonly keyEnv: string | null
}

/** The first that fits. A gateway's log names models of others: there nothing fits, and the address is for the user to say. */
const places: readonly Place[] = [
  {
    apis: /^openai-/,
    models: /^(?:gpt-|chatgpt-|o\d(?:-|$)|text-davinci|davinci|babbage|ft:gpt)/,
    baseUrl: 'https://api.openai.com/v1',
    keyEnv: 'OPENAI_API_KEY',
  },
  {
    apis: /^anthropic-messages$/,
    models: /^claude-/,
    baseUrl: 'https://api.anthropic.com/v1',
    keyEnv: 'ANTHROPIC_API_KEY',
  },
  {
    apis: /^gemini-generate-content$/,
    models: /^$|^gemini-/,
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    keyEnv: 'GEMINI_API_KEY',
  },
  {
    apis: /^openai-chat$/,
    models: /^(?:mistral|codestral|ministral|magistral|pixtral)-/,
    baseUrl: 'https://api.mistral.ai/v1',
    vendor: 'mistral',
    keyEnv: 'MISTRAL_API_KEY',
  },
  { apis: /^ollama$/, models: /./, baseUrl: 'http://localhost:11434', keyEnv: null },
]

/** Formats that are written by somebody between the product and the provider: the address is theirs. */
const gateways = new Set([
  'litellm',
  'portkey',
  'tensorzero',
  'cloudflare-ai-gateway',
  'azure-apim',
  'bedrock',
  'vertex',
])

export function guessTarget(seen: {
  readonly api: string
  readonly model: string | null
  readonly formats: readonly string[]
}): TargetGuess {
  const { api, model, formats } = seen
  const isBehind = formats.some((format) => gateways.has(format))
  const place = isBehind ? undefined : places.find(({ apis, models }) => apis.test(api) && models.test(model ?? ''))
  return {
    api,
    vendor: place?.vendor ?? null,
    baseUrl: place?.baseUrl ?? placeholderUrl,
    model: model ?? placeholderModel.production,
    keyEnv: place === undefined ? 'PROD_KEY' : place.keyEnv,
  }
}

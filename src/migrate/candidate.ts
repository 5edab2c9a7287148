// What is asked of in a migration: an API, whose server it is, and which model; and what a model's name tells of it.

/** Where a request would go, and under which model's name. */
export interface Candidate {
  readonly api: string
  /** A name of `providers/vendors`; null where the API is served as its maker does. */
  readonly vendor: string | null
  readonly model: string | null
}

/** Gateways put the provider before the model: `openai/gpt-5`, `us.anthropic.claude-opus-4-7-v1:0`, `models/gemini-3-pro`. */
function bareName(model: string | null): string {
  return (model ?? '')
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^(?:[a-z]{2,6}\.)?anthropic\./, '')
}

/** Servers that hand a body on to OpenAI's models as it is; gateways that translate (`litellm`) have rules of their own. */
const openaiVendors = new Set([null, 'azure-openai', 'azure-openai-deployments', 'portkey', 'portkey-gateway'])

/**
 * How an OpenAI model takes sampling parameters: `always` reasons, so never; `unless-none`: where its effort is none; null
 * where it is no reasoning model, or not one by its name (an Azure deployment may be called anything).
 */
export function openaiReasoning({ vendor, model }: Candidate): 'always' | 'unless-none' | null {
  const name = bareName(model)
  if (!openaiVendors.has(vendor) || /^gpt-5(?:\.\d+)?-chat/.test(name)) return null
  if (/^gpt-5\.\d/.test(name)) return 'unless-none'
  return /^(?:o[134](?:-|$)|gpt-5(?:-|$))/.test(name) ? 'always' : null
}

/** `5.6` of `gpt-5.6-terra`; null where it is none of these. */
export function gptVersion({ vendor, model }: Candidate): number | null {
  const found = openaiVendors.has(vendor) ? /^gpt-(\d+(?:\.\d+)?)(?![\d.]|o)/.exec(bareName(model)) : null
  return found === null ? null : Number(found[1])
}

/** Whether a model's name is one that OpenAI gave, on a server that hands bodies on. */
export function isOpenai(candidate: Candidate): boolean {
  return openaiVendors.has(candidate.vendor) && /^(?:gpt-|chatgpt-|o\d(?:-|$))/.test(bareName(candidate.model))
}

export interface ClaudeVersion {
  readonly family: string
  readonly version: number
}

/** Of `claude-opus-4-7`, `claude-3-5-sonnet-20240620`, `anthropic/claude-4.7-opus`; null where the name is no Claude's. */
export function claudeVersion({ model }: Candidate): ClaudeVersion | null {
  const name = bareName(model)
  // Two digits at most: what is longer is a date.
  const number = '(\\d{1,2})(?:[-.](\\d{1,2}))?(?!\\d)'
  const [, major, minor, behind] = new RegExp(`^claude-${number}(?:-(opus|sonnet|haiku))`).exec(name) ?? []
  if (major !== undefined) return { family: behind ?? '', version: Number(`${major}.${minor ?? 0}`) }
  const [, family, whole, part] = new RegExp(`^claude-(opus|sonnet|haiku)-${number}`).exec(name) ?? []
  return whole === undefined ? null : { family: family ?? '', version: Number(`${whole}.${part ?? 0}`) }
}

/** Whether it is a Claude of that family and version, or a later one. */
export function isClaudeFrom(candidate: Candidate, from: Readonly<Record<string, number>>): boolean {
  const claude = claudeVersion(candidate)
  const first = claude === null ? undefined : from[claude.family]
  return claude !== null && first !== undefined && claude.version >= first
}

/** `2.5` of `gemini-2.5-flash`; null where the name is no Gemini's. */
export function geminiVersion({ model }: Candidate): number | null {
  const found = /^gemini-(\d+(?:\.\d+)?)/.exec(bareName(model))
  return found === null ? null : Number(found[1])
}

export function isNamed({ model }: Candidate, pattern: RegExp): boolean {
  return pattern.test(bareName(model))
}

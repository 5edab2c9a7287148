// A vendor's own words in an answer of OpenAI's shape, put into OpenAI's.

import type { Json, JsonObject } from '../core/types.ts'
import { arrayAt, countAt, fieldOf, isArray, isObject, objectAt, textAt } from './shape.ts'

/** How a vendor's answers differ. */
export interface Dialect {
  /** Its words for `finish_reason` → OpenAI's. A word that is in neither is an unknown reason. */
  readonly finishReasons: Readonly<Record<string, string>>
  readonly usage: UsageDialect
}

export interface UsageDialect {
  /** A field of a chunk that holds the usage, where `usage` stands in none: `x_groq`. */
  readonly inside: string | null
  /** A field of the usage that counts cached input, in the place of `prompt_tokens_details.cached_tokens`. */
  readonly cachedInput: string | null
  /** Whether `completion_tokens` leaves the reasoning out, which the bill adds. */
  readonly isReasoningBeside: boolean
}

export interface Translator {
  /** Whether the vendor speaks as OpenAI does, and nothing is ever translated. */
  readonly isIdle: boolean
  /** Whether a chunk's text may hold something to translate: most do not, and need not be read twice. */
  readonly mayConcern: (text: string) => boolean
  /** An answer, a chunk, or a list of chunks, in OpenAI's words. What is no object is given back as it is. */
  readonly translated: (body: Json) => Json
}

/** The translator of one vendor. */
export function createTranslator({ finishReasons, usage }: Dialect): Translator {
  const words = Object.keys(finishReasons).map((word) => JSON.stringify(word))
  for (const field of [usage.inside, usage.cachedInput]) if (field !== null) words.push(JSON.stringify(field))
  if (usage.isReasoningBeside) words.push('"reasoning_tokens"')
  const translated = (body: Json): Json => {
    if (isArray(body)) return body.map(translated)
    return isObject(body) ? withUsage(withReasons(body, finishReasons), usage) : body
  }
  return {
    isIdle: words.length === 0,
    mayConcern: (text) => words.some((word) => text.includes(word)),
    translated: words.length === 0 ? (body) => body : translated,
  }
}

function withReasons(body: JsonObject, reasons: Dialect['finishReasons']): JsonObject {
  const choices = arrayAt(body, 'choices')
  if (choices.length === 0) return body
  return {
    ...body,
    choices: choices.map((choice) => {
      const reason = textAt(choice, 'finish_reason') ?? ''
      const known = Object.hasOwn(reasons, reason) ? reasons[reason] : undefined
      return isObject(choice) && known !== undefined ? { ...choice, finish_reason: known } : choice
    }),
  }
}

function withUsage(body: JsonObject, { inside, cachedInput, isReasoningBeside }: UsageDialect): JsonObject {
  const nested = inside === null ? null : objectAt(objectAt(body, inside) ?? null, 'usage')
  const usage = objectAt(body, 'usage') ?? nested
  if (usage === null) return body
  const cached = cachedInput === null ? usage : withCached(usage, cachedInput)
  return { ...body, usage: isReasoningBeside ? withTotal(cached) : cached }
}

function withCached(usage: JsonObject, field: string): JsonObject {
  const cached = countAt(usage, field)
  const details = objectAt(usage, 'prompt_tokens_details')
  if (cached === null || countAt(details ?? null, 'cached_tokens') !== null) return usage
  return { ...usage, prompt_tokens_details: { ...details, cached_tokens: cached } }
}

/** The sum by which the reader of usages knows that reasoning was left out; a sum that is there says so itself. */
function withTotal(usage: JsonObject): JsonObject {
  if ((fieldOf(usage, 'total_tokens') ?? null) !== null) return usage
  const reasoning = countAt(objectAt(usage, 'completion_tokens_details') ?? null, 'reasoning_tokens') ?? 0
  const sum = (countAt(usage, 'prompt_tokens') ?? 0) + (countAt(usage, 'completion_tokens') ?? 0) + reasoning
  return { ...usage, total_tokens: sum }
}

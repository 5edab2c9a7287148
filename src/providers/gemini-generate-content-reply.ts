// The answers of Gemini's generateContent: a whole one, its usage and its reasons to stop.

import type { Json, JsonObject, Reply, StopReason, ToolCall, Usage } from '../core/types.ts'
import { argumentsText } from './object-stream.ts'
import { fieldOf, isArray, isObject } from './shape.ts'

/** A `GenerateContentResponse` as the nouns have it: the first candidate. null where the body is something else. */
export function replyOf(body: Json): Reply | null {
  const candidate = candidateOf(body)
  const isBlocked = blockReasonOf(body) !== null
  if (candidate === null && !isBlocked) return null
  const parts = partsOf(candidate)
  const toolCalls = parts.map(toolCallOf).filter((call) => call !== null)
  return {
    text: parts.map(partText).join(''),
    toolCalls,
    stop: isBlocked ? 'filtered' : stopOf(textIn(candidate, 'finishReason'), toolCalls.length > 0),
    usage: usageOf(fieldIn(body, 'usageMetadata')),
    servedModel: textIn(body, 'modelVersion'),
  }
}

/** The API writes camelCase; logs of the Python SDK have the same fields in snake_case. */
export function fieldIn(json: Json | undefined, field: string): Json | undefined {
  return (
    fieldOf(json, field) ??
    fieldOf(
      json,
      field.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
    )
  )
}

export function textIn(json: Json | undefined, field: string): string | null {
  const value = fieldIn(json, field)
  return typeof value === 'string' && value !== '' ? value : null
}

export function listIn(json: Json | undefined, field: string): readonly Json[] {
  const value = fieldIn(json, field)
  return isArray(value) ? value : []
}

function countIn(json: Json | undefined, field: string): number | null {
  const value = fieldIn(json, field)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** The first candidate, whose index is left out as often as not. */
export function candidateOf(body: Json): JsonObject | null {
  const found = listIn(body, 'candidates').find((each) => (fieldOf(each, 'index') ?? 0) === 0)
  return isObject(found) ? found : null
}

export function partsOf(candidate: JsonObject | null): readonly Json[] {
  return listIn(fieldIn(candidate ?? undefined, 'content'), 'parts')
}

/** Why the prompt was not answered at all; null where it was. */
export function blockReasonOf(body: Json): string | null {
  const reason = textIn(fieldIn(body, 'promptFeedback'), 'blockReason')
  return reason === 'BLOCK_REASON_UNSPECIFIED' || reason === 'BLOCKED_REASON_UNSPECIFIED' ? null : reason
}

/** What a user reads of a part: thoughts are marked and are no answer. */
export function partText(part: Json): string {
  return fieldOf(part, 'thought') === true ? '' : (textIn(part, 'text') ?? '')
}

function toolCallOf(part: Json): ToolCall | null {
  const call = fieldIn(part, 'functionCall')
  return isObject(call) ? { name: textIn(call, 'name') ?? '', arguments: argumentsText(fieldOf(call, 'args')) } : null
}

const filtered = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'MODEL_ARMOR',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
])

/** Gemini's `finishReason` in the house's words. It says STOP where the model calls a tool; servers in its place do not. */
export function stopOf(reason: string | null, hasCalls: boolean): StopReason {
  if (reason === 'STOP' || reason === 'FUNCTION_CALL') return hasCalls ? 'tool' : 'end'
  if (reason === 'MAX_TOKENS') return 'length'
  return reason !== null && filtered.has(reason) ? 'filtered' : 'unknown'
}

/**
 * The bill of an answer; null where it has none. `promptTokenCount` includes cached tokens, but not what the provider's
 * own tools put in; `candidatesTokenCount` leaves thoughts out, and is left out itself where it is zero.
 */
export function usageOf(usage: Json | undefined): Usage | null {
  const prompt = countIn(usage, 'promptTokenCount')
  if (prompt === null) return null
  const thoughts = countIn(usage, 'thoughtsTokenCount')
  return {
    input: prompt + (countIn(usage, 'toolUsePromptTokenCount') ?? 0),
    output: (countIn(usage, 'candidatesTokenCount') ?? 0) + (thoughts ?? 0),
    cachedInput: countIn(usage, 'cachedContentTokenCount'),
    reasoning: thoughts,
  }
}

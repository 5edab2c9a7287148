// What a message says, in the dialects of frameworks → the content of an OpenAI chat message.

import type { Json, JsonObject } from '../../core/types.ts'
import { fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { allClear, Unclear, worded } from './unclear.ts'

const textTypes = new Set(['text', 'input_text', 'output_text'])
/** Reasoning that frameworks log beside what was said; no chat completion takes it back. */
const unsaidTypes = new Set(['thinking', 'redacted_thinking', 'reasoning'])

/** Langfuse keeps pictures and sound apart, and leaves this in their place. */
const mediaMark = '@@@langfuseMedia:'

/** A string, parts, or null; unclear where a part is of a kind that a chat completion does not have. */
export function contentOf(content: Json | undefined): Json | Unclear {
  if (content === undefined || content === null) return null
  if (typeof content === 'string') return saidText(content)
  if (!isArray(content)) return new Unclear('a message whose content is neither text nor parts')
  const parts = allClear(content.filter((part) => !isUnsaid(part)).map(partOf))
  if (parts instanceof Unclear) return parts
  const [only, ...more] = parts
  if (only === undefined) return null
  return more.length === 0 ? (textAt(only, 'text') ?? [only]) : parts
}

const mediaTypes = new Set(['image', 'image_url', 'input_image', 'audio', 'file', 'document'])

/** What a tool gave back: text, or the JSON of what it was. */
export function resultOf(content: Json | undefined): Json | Unclear {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return saidText(content)
  const types = (isArray(content) ? content : []).map((part) => textAt(part, 'type') ?? '')
  if (types.some((type) => mediaTypes.has(type))) return new Unclear('a result of a tool that is no text')
  return types.some((type) => textTypes.has(type)) ? contentOf(content) : saidText(JSON.stringify(content))
}

function saidText(text: string): string | Unclear {
  return text.includes(mediaMark) ? new Unclear('media that the log keeps apart') : text
}

function isUnsaid(part: Json): boolean {
  return unsaidTypes.has(textAt(part, 'type') ?? '') || fieldOf(part, 'thought') === true
}

function partOf(part: Json): JsonObject | Unclear {
  const type = textAt(part, 'type')
  const text =
    typeof part === 'string' ? part : (fieldOf(part, 'text') ?? (type === 'text' ? fieldOf(part, 'content') : null))
  if (typeof text === 'string' && (type === null || textTypes.has(type))) {
    const said = saidText(text)
    return said instanceof Unclear ? said : { type: 'text', text: said }
  }
  if (type === 'refusal' && isObject(part) && textAt(part, 'refusal') !== null) return part
  const url = textAt(part, 'image_url') ?? textAt(objectAt(part, 'image_url') ?? null, 'url')
  if (type === 'image_url' && url !== null && /^(?:https?:|data:image\/)/.test(url)) {
    const detail = textAt(objectAt(part, 'image_url') ?? null, 'detail')
    return { type: 'image_url', image_url: { url, ...(detail === null ? {} : { detail }) } }
  }
  return new Unclear(`a content part that is not read: ${worded(type)}`)
}

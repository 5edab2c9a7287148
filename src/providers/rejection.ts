// What an error answer says, in whatever shape it comes: shared by the APIs, whose gateways all answer in each other's.

import { withoutSecrets } from '../core/secrets.ts'
import type { Json, JsonObject } from '../core/types.ts'
import type { Rejection } from './provider.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt } from './shape.ts'

const maxDetail = 300
/** What a cut leaves of a word: half an address is somebody's still, and no pattern finds it. */
const cutEnd = /\s\S{1,80}$/
/** Enough to fill a detail whatever the markup, and little enough that a megabyte of HTML costs nothing. */
const maxRead = 20_000

/** The code and the message of an error answer. `body` is the parsed JSON, or the text where it is none. */
export function rejectionOf(status: number, body: Json): Rejection {
  const message = messageOf(body)
  const detail = message === null ? '' : cleanDetail(message)
  return { code: codeOf(body), detail: detail === '' ? `HTTP ${status} with no explanation` : detail }
}

/** A message on one line, without markup, control characters or keys, cut to 300 characters. */
export function cleanDetail(message: string): string {
  const opening = message.slice(0, maxRead)
  const plain = looksLikeMarkup(opening) ? withoutMarkup(opening) : opening
  const { text } = withoutSecrets(plain.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim())
  const characters = Array.from(text.toWellFormed())
  if (characters.length <= maxDetail) return characters.join('')
  return `${characters
    .slice(0, maxDetail - 1)
    .join('')
    .replace(cutEnd, '')}…`
}

/** Errors are wrapped in errors a few times at most; a hostile body nests without end. */
const maxDepth = 5

/** The message of an error object or of anything that carries one; null where nothing is said. */
export function messageOf(body: Json, depth = 0): string | null {
  if (typeof body === 'string') return body.trim() === '' ? null : body
  if (depth > maxDepth) return null
  // Google's OpenAI-compatible endpoint wraps its error in an array.
  if (isArray(body)) return messageOf(body[0] ?? null, depth + 1)
  if (!isObject(body)) return null
  const error = fieldOf(body, 'error') ?? null
  if (error !== null) return messageOf(error, depth + 1)
  const said =
    textAt(body, 'message') ??
    textAt(body, 'detail') ??
    textAt(body, 'msg') ??
    textAt(body, 'title') ??
    textAt(body, 'html-message')
  if (said !== null) return said
  // FastAPI's `detail` and others' `errors` are lists.
  const listed = [...arrayAt(body, 'detail'), ...arrayAt(body, 'errors')].slice(0, 10)
  const messages = listed.map((each) => messageOf(each, depth + 1)).filter((each) => each !== null)
  if (messages.length > 0) return messages.join('; ')
  const nested = objectAt(body, 'detail') ?? objectAt(body, 'message')
  return nested === null ? asText(body) : messageOf(nested, depth + 1)
}

function asText(body: JsonObject): string | null {
  try {
    return JSON.stringify(body)
  } catch {
    return null
  }
}

function codeOf(body: Json): string | null {
  const first = isArray(body) ? (body[0] ?? null) : body
  const error = objectAt(first, 'error') ?? objectAt(first, 'detail') ?? first
  const code = fieldOf(error, 'code')
  const word = typeof code === 'number' ? String(code) : code
  const found = typeof word === 'string' && word !== '' ? word : (textAt(error, 'type') ?? textAt(error, 'status'))
  return found === null ? null : cleanDetail(found)
}

function looksLikeMarkup(text: string): boolean {
  return /^\s*<(?:!doctype|html|head|body|\?xml|[a-z]+>)/i.test(text)
}

function withoutMarkup(text: string): string {
  return text
    .replaceAll(/<(script|style)\b[\s\S]*?(?:<\/\1>|$)/gi, ' ')
    .replaceAll(/<[^>]{0,2000}>/g, ' ')
    .replaceAll(/&(nbsp|amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? ' ')
}

const entities: Readonly<Record<string, string>> = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

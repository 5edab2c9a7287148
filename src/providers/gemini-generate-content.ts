// Gemini's generateContent, on Google's Gemini API and on Vertex.

import type { Json, JsonObject } from '../core/types.ts'
import { askedOfGemini } from './asked.ts'
import { fieldIn, listIn, replyOf, textIn } from './gemini-generate-content-reply.ts'
import { foldStream } from './gemini-generate-content-stream.ts'
import { createObjectReader, replyOfObjects } from './object-stream.ts'
import { asksForStream, mergedBody, partyOf, withoutParty } from './openai-family.ts'
import { namesConversation, namesPerson } from './party.ts'
import type { Provider, Rejection, RequestOptions } from './provider.ts'
import { rejectionOf } from './rejection.ts'
import { saltedField } from './salted.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt, without } from './shape.ts'

/**
 * The base URL ends before `/models`: `https://generativelanguage.googleapis.com/v1beta` (or `/v1`), on Vertex
 * `…/v1/projects/P/locations/L/publishers/google`. The API asks for a stream in its path, not in its body: a log format
 * marks a captured stream with `stream: true` in the body, which is not sent.
 */
export const geminiGenerateContent = {
  name: 'gemini-generate-content',
  title: 'Gemini generateContent',
  accepts: isContentRequest,
  allows: isContentRequest,
  isStreaming: asksForStream,
  framing: 'sse',
  request: requestOf,
  salted: saltedInstruction,
  headers: headersFor,
  probePath: '/models',
  reply: (body) => (isArray(body) ? replyOfObjects(body, foldStream()) : replyOf(body)),
  stream: () => createObjectReader(foldStream()),
  rejection: rejectionFrom,
  prompt: promptOf,
  question: (text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
  asked: askedOfGemini,
  party: partyOf,
  withoutParty: withoutNames,
} as const satisfies Provider

/** Keys travel in a header of their own, Google Cloud's access tokens as Bearer. */
const carriers = [
  { opening: 'ya29.', header: 'authorization', scheme: 'Bearer ' },
  { opening: '', header: 'x-goog-api-key', scheme: '' },
] as const

function headersFor(key: string | null): Readonly<Record<string, string>> {
  const carrier = key === null ? undefined : carriers.find(({ opening }) => key.startsWith(opening))
  return carrier === undefined ? {} : { [carrier.header]: carrier.scheme + key }
}

function requestOf(body: JsonObject, { stream, ...options }: RequestOptions) {
  const merged = mergedBody(body, options)
  const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent'
  return {
    path: `/${modelPath(textAt(merged, 'model') ?? '')}:${method}`,
    body: without(merged, ['model', 'stream']),
  }
}

/** `models/x`, `tunedModels/x` and `endpoints/x` name their collection; Vertex' logs put the publisher before it. */
function modelPath(model: string): string {
  const named = model.replace(/^.*?publishers\/[^/]+\//, '')
  const path = named.includes('/') ? named : `models/${named}`
  return path.split('/').map(encodeURIComponent).join('/')
}

/** Bodies are in camelCase or in snake_case. */
function saltedInstruction(body: JsonObject, line: string): JsonObject | null {
  for (const field of ['systemInstruction', 'system_instruction']) {
    const instruction = objectAt(body, field)
    const salted = instruction && saltedField(instruction, 'parts', line)
    if (salted) return { ...body, [field]: salted }
  }
  return null
}

const roles = new Set(['user', 'model', 'function'])

/** `contents` of `parts` is no other API's; the rest may be in camelCase or in snake_case. */
function isContentRequest(body: Json): boolean {
  const contents = listIn(body, 'contents')
  return contents.length > 0 && contents.every(isContent)
}

function isContent(content: Json): boolean {
  const role = fieldOf(content, 'role')
  const parts = listIn(content, 'parts')
  return (
    (role === undefined || (typeof role === 'string' && roles.has(role))) && parts.length > 0 && parts.every(isObject)
  )
}

/** `google.rpc.RetryInfo` among the details: seconds with a fraction, "34.4s". Google says it in no header. */
function retryDelayOf(error: Json): number | null {
  const info = arrayAt(error, 'details').find((each) => textAt(each, '@type')?.endsWith('google.rpc.RetryInfo'))
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(textAt(info, 'retryDelay') ?? '')?.[1]
  return seconds === undefined ? null : Number(seconds) * 1000
}

/** Google's own word (`RESOURCE_EXHAUSTED`) rather than the HTTP status once more. */
function rejectionFrom(status: number, body: Json): Rejection {
  const rejection = rejectionOf(status, body)
  const error = objectAt(isArray(body) ? body[0] : body, 'error')
  const word = textAt(error, 'status')
  const waitMs = retryDelayOf(error)
  return {
    ...rejection,
    ...(word !== null && /^[A-Z_]{1,60}$/.test(word) ? { code: word } : {}),
    ...(waitMs === null ? {} : { retryAfterMs: waitMs }),
  }
}

function promptOf(body: JsonObject): string {
  const contents = listIn(body, 'contents')
  const asked = contents.filter((each) => (textAt(each, 'role') ?? 'user') === 'user').map(contentText)
  return asked.findLast((text) => text !== '') ?? contentText(contents.at(-1))
}

function contentText(content: Json | undefined): string {
  const parts = listIn(content, 'parts').map((part) => {
    const media = fieldIn(part, 'inlineData') ?? fieldIn(part, 'fileData')
    return textIn(part, 'text') ?? (isObject(media) ? mediaName(textIn(media, 'mimeType') ?? '') : '')
  })
  return parts.filter((part) => part !== '').join('\n')
}

/** What stands in a prompt for a part that is no text. */
function mediaName(type: string): string {
  const kind = /^(image|audio|video)\//.exec(type)?.[1]
  return `[${kind ?? 'file'}]`
}

/** Vertex has `labels` of the client's own words, which its bills are split by. */
function withoutNames(body: JsonObject): JsonObject {
  const rest = withoutParty(body)
  const labels = objectAt(rest, 'labels')
  const named = Object.keys(labels ?? {}).filter((name) => namesPerson(name) || namesConversation(name))
  return labels === null || named.length === 0 ? rest : { ...rest, labels: without(labels, named) }
}

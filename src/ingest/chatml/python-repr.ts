// A pydantic message that was logged as Python prints it (`role='user' content='Hi' name=None …`), read back.

import type { Json, JsonObject } from '../../core/types.ts'

/** Fields without which the message is not known; they come before what cannot be read back. */
const needed = ['role', 'content', 'tool_call_id', 'tool_calls']
const media = ['audio', 'images', 'videos', 'files']

/** null where the text is no such message, or where it holds media. */
export function fromRepr(text: string): JsonObject | null {
  if (!text.startsWith('role=')) return null
  const fields: Record<string, Json> = {}
  let at = 0
  for (;;) {
    const name = /^(\w+)=/.exec(text.slice(at, at + 80))?.[1]
    const value = name === undefined ? null : literalAt(text, at + name.length + 1, 0)
    if (name === undefined || value === null || Object.hasOwn(fields, name)) break
    fields[name] = value.value
    at = value.end
    if (text[at] !== ' ') break
    at += 1
  }
  if (needed.some((name) => !Object.hasOwn(fields, name))) return null
  return media.some((name) => (fields[name] ?? null) !== null) ? null : { ...fields, name: fields['tool_name'] ?? null }
}

interface Read {
  readonly value: Json
  readonly end: number
}

const words: Readonly<Record<string, Json>> = { None: null, True: true, False: false }
const maxDepth = 50

/** The literal that begins there; null where none does that JSON could hold. */
function literalAt(text: string, at: number, depth: number): Read | null {
  if (depth > maxDepth) return null
  const first = text[at]
  if (first === "'" || first === '"') return stringAt(text, at)
  if (first === '[') return listAt(text, at, depth)
  if (first === '{') return dictAt(text, at, depth)
  const token = /^(?:None|True|False|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?=[\s,\]}]|$)/.exec(text.slice(at, at + 40))?.[0]
  if (token === undefined) return null
  return { value: Object.hasOwn(words, token) ? (words[token] ?? null) : Number(token), end: at + token.length }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' }
const coded: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

function stringAt(text: string, start: number): Read | null {
  const quote = text[start]
  const pieces: string[] = []
  let from = start + 1
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === quote) return { value: [...pieces, text.slice(from, at)].join(''), end: at + 1 }
    if (text[at] !== '\\') continue
    const mark = text[at + 1] ?? ''
    const digits = Object.hasOwn(coded, mark) ? (coded[mark] ?? 0) : 0
    const code = digits === 0 ? '' : text.slice(at + 2, at + 2 + digits)
    const meant = digits === 0 ? (Object.hasOwn(escapes, mark) ? escapes[mark] : undefined) : characterOf(code, digits)
    if (meant === undefined) return null
    pieces.push(text.slice(from, at), meant)
    at += 1 + digits
    from = at + 1
  }
  return null
}

function characterOf(code: string, digits: number): string | undefined {
  const point = Number.parseInt(code, 16)
  return new RegExp(`^[0-9a-f]{${digits}}$`, 'i').test(code) && point <= 0x10ffff
    ? String.fromCodePoint(point)
    : undefined
}

function listAt(text: string, start: number, depth: number): Read | null {
  const items: Json[] = []
  let at = start + 1
  while (text[at] !== ']') {
    const item = literalAt(text, at, depth + 1)
    if (item === null) return null
    items.push(item.value)
    at = afterComma(text, item.end)
    if (at === item.end && text[at] !== ']') return null
  }
  return { value: items, end: at + 1 }
}

function dictAt(text: string, start: number, depth: number): Read | null {
  const fields: [string, Json][] = []
  let at = start + 1
  while (text[at] !== '}') {
    const key = literalAt(text, at, depth + 1)
    if (key === null || typeof key.value !== 'string' || text.slice(key.end, key.end + 2) !== ': ') return null
    const value = literalAt(text, key.end + 2, depth + 1)
    if (value === null) return null
    fields.push([key.value, value.value])
    at = afterComma(text, value.end)
    if (at === value.end && text[at] !== '}') return null
  }
  return { value: Object.fromEntries(fields), end: at + 1 }
}

function afterComma(text: string, at: number): number {
  return text.slice(at, at + 2) === ', ' ? at + 2 : at
}

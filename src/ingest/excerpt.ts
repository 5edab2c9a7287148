// The opening of a line that could not be read, fit to be shown: no keys, nobody's name.

import { namesConversation, namesPerson } from '../providers/party.ts'
import { isHeaderLike, type Redaction } from './redact.ts'

const maxExcerpt = 200
/** What is looked at: enough that cleaning it leaves an excerpt. Bytes. */
const openingBytes = 2048
const removed = '[removed]'
/** Nothing but base64: a line of a private key that was logged as it stands in its file. */
const keyLine = /^\s*[A-Za-z0-9+/]{40,76}={0,2}\s*$/

/** What a cut may have left of an address or a number at the end of the opening. */
const cutEnd = /\S{1,80}$/

/** At most 200 characters on one line. The line need not be JSON, nor UTF-8: what is said of it is said of its text. */
export function excerptOf(bytes: Uint8Array, redaction: Redaction): string {
  const opening = new TextDecoder().decode(bytes.subarray(0, openingBytes))
  const text = bytes.length < openingBytes ? opening : opening.replace(cutEnd, '')
  const plain = redaction
    .text(withoutNames(text.replace(keyLine, removed)))
    .replaceAll(/[^\s"'<>:;,()=[\]{}]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}/g, removed)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .toWellFormed()
  const short = plain.length > maxExcerpt ? `${plain.slice(0, maxExcerpt - 1)}…` : plain
  return short.toWellFormed()
}

/** A field and its colon, in JSON, in JSON inside a string, in Python's spelling or in `key=value`. */
const fieldStart = /(\\*["']|)([A-Za-z][\w-]{1,60})\1\s{0,3}[:=]\s{0,3}/g
/** A value from where it starts: quoted (to its quote or the end), in brackets, or bare, with the scheme before it. */
const value = /(\\*["'])[\s\S]*?(?:\1|$)|\{[^}]*\}?|\[[^\]]*\]?|(?:(?:basic|bearer|digest|token)\s{1,3})?[^\s,;}\]]*/iy
/** Bare cookies go on behind a semicolon and a space. */
const cookies = /(\\*["'])[\s\S]*?(?:\1|$)|\[[^\]]*\]?|[^\r\n"']*/y

function withoutNames(text: string): string {
  let cleaned = ''
  let from = 0
  for (const match of text.matchAll(fieldStart)) {
    const field = match[2] ?? ''
    if (match.index < from || !(namesPerson(field) || namesConversation(field) || isHeaderLike(field))) continue
    const start = match.index + match[0].length
    const whole = /cookie$/i.test(field) ? cookies : value
    whole.lastIndex = start
    const length = whole.exec(text)?.[0].length ?? 0
    cleaned += text.slice(from, start) + removed
    from = start + length
  }
  return cleaned + text.slice(from)
}

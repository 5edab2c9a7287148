// Text → JSON, at a bounded cost and depth: what structure metrics read of an answer.

import { isArray, isObject, parseJson } from '../core/json.ts'
import type { Json } from '../core/types.ts'

/** Deeper than this no program reads it, and no function that walks it comes back: JSON that deep is none. */
const mostDepth = 200
/** Characters beyond which a text is not parsed at all: it would take longer than a pair may. */
const mostLength = 500_000

export function isTooLong(text: string): boolean {
  return text.length > mostLength
}

/** The JSON that a text is, whatever white space is around it; undefined where it is none, or too long to know. */
export function jsonIn(text: string): Json | undefined {
  if (isTooLong(text) || !mayBeJson(text) || isTooDeep(text)) return undefined
  return parseJson(text)
}

/** An object or an array: what a program asks for. A bare `42` or `true` is JSON too, but any short answer may be that. */
export function isDocument(json: Json | undefined): boolean {
  return isObject(json) || isArray(json)
}

/** As `jsonIn`, of an answer that is a document alone, bare or inside one code fence; undefined where it is none. */
export function documentIn(text: string): Json | undefined {
  if (isTooLong(text)) return undefined
  const fenced = /^\s*```[\w-]{0,20}[^\S\n]*\n([^]*)\n[^\S\n]*```\s*$/.exec(text)?.[1]
  const json = jsonIn(fenced ?? text)
  return isDocument(json) ? json : undefined
}

/** Spares most texts the exception of a parser. */
function mayBeJson(text: string): boolean {
  return /^[\t\n\r ]*[[{"\-\dtfn]/.test(text) && /[\]}"\dels][\t\n\r ]*$/.test(text.slice(-100))
}

function isTooDeep(text: string): boolean {
  // Most texts have not even so many brackets.
  if (text.split('[', mostDepth + 1).length + text.split('{', mostDepth + 1).length <= mostDepth) return false
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isInString) {
      if (code === backslash) at++
      else if (code === quote) isInString = false
    } else if (code === quote) isInString = true
    else if (code === openBracket || code === openBrace) {
      depth += 1
      if (depth > mostDepth) return true
    } else if (code === closeBracket || code === closeBrace) depth -= 1
  }
  return false
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

/** Whether two values are the same to a program: order of keys is no difference, and a number is its value. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((each, index) => isSameJson(each, b[index]))
  if (!isObject(a) || !isObject(b)) return a === b
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSameJson(a[key], b[key]))
  )
}

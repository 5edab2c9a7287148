// What an answer is made of, whatever it says: headings, lists, tables, code, paragraphs; or the paths and types of JSON.

import type { Json } from '../core/types.ts'
import { isArray, isObject } from '../providers/shape.ts'

/** How often each part occurs. */
export type Shape = ReadonlyMap<string, number>

/** Lines, and values of JSON, beyond which the rest is not looked at. */
const mostLines = 5_000
const mostValues = 4_000
/** A path is written to this depth. */
const mostDepth = 12

const parts: readonly (readonly [name: string, line: RegExp])[] = [
  ['heading', /^ {0,3}#{1,6}\s|^\*\*[^*\n]{1,100}\*\*:?\s*$/],
  ['bullet', /^\s{0,20}[-*+•]\s/],
  ['number', /^\s{0,20}\d{1,4}[.)]\s/],
  ['table', /^\s{0,20}\|.*\|\s{0,20}$/],
  ['quote', /^\s{0,20}>/],
]

/** Of a text. A table also counts its columns, a code block its language. */
export function shapeOfText(text: string): Shape {
  const counts = new Map<string, number>()
  const add = (part: string, count = 1) => counts.set(part, (counts.get(part) ?? 0) + count)
  let isInCode = false
  for (const line of linesOf(text)) {
    const fence = /^\s{0,20}(?:```|~~~)\s*(?<language>[\w+#-]{0,20})/.exec(line)
    if (fence) {
      if (!isInCode) add(`code ${(fence.groups?.['language'] ?? '').toLowerCase()}`)
      isInCode = !isInCode
    } else if (!isInCode && line.trim() !== '') {
      const part = parts.find(([, pattern]) => pattern.test(line))?.[0] ?? 'paragraph'
      // How many paragraphs a thought is cut into is no shape: whether there is prose is.
      if (part === 'paragraph') counts.set(part, 1)
      else add(part)
      if (part === 'table') counts.set('columns', Math.max(counts.get('columns') ?? 0, line.split('|').length - 2))
    }
  }
  return counts
}

/** Lines, cut: no pattern looks at more than the beginning of one. */
function* linesOf(text: string): Generator<string> {
  let start = 0
  for (let count = 0; count < mostLines && start <= text.length; count++) {
    const end = text.indexOf('\n', start)
    const until = end === -1 ? text.length : end
    yield text.slice(start, Math.min(until, start + 1000))
    start = until + 1
  }
}

/** Of JSON: each path with its type once, items of an array sharing theirs. Numbers of items are no shape. */
export function shapeOfJson(json: Json): Shape {
  const counts = new Map<string, number>()
  let left = mostValues
  const visit = (value: Json, path: string, depth: number): void => {
    left -= 1
    if (left < 0 || depth > mostDepth) return
    counts.set(`${path}: ${isArray(value) ? 'array' : value === null ? 'null' : typeof value}`, 1)
    if (isArray(value)) visitAll(value, `${path}[]`, depth)
    else if (isObject(value)) {
      for (const key in value) {
        if (left < 0) return
        visit(value[key] ?? null, `${path}.${key}`, depth + 1)
      }
    }
  }
  const visitAll = (values: readonly Json[], path: string, depth: number): void => {
    for (const each of values) {
      if (left < 0) return
      visit(each, path, depth + 1)
    }
  }
  visit(json, '$', 0)
  return counts
}

/** How alike two shapes are, 0..1: of each part that either has, the smaller count by the larger, on average. */
export function shapeSimilarity(a: Shape, b: Shape): number {
  const names = new Set([...a.keys(), ...b.keys()])
  if (names.size === 0) return 1
  let sum = 0
  for (const name of names) {
    const [x, y] = [a.get(name) ?? 0, b.get(name) ?? 0]
    sum += Math.min(x, y) / Math.max(x, y)
  }
  return sum / names.size
}

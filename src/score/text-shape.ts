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

/** A place in JSON, whatever stands there: items of an array share theirs. */
interface Place {
  readonly path: string
  readonly types: Set<string>
  readonly below: Map<string, Place>
}

function placeOf(path: string): Place {
  return { path, types: new Set(), below: new Map() }
}

function below(place: Place, step: string): Place {
  const known = place.below.get(step)
  if (known !== undefined) return known
  const made = placeOf(place.path + step)
  place.below.set(step, made)
  return made
}

/** Of JSON: each path with its type once, items of an array sharing theirs. Numbers of items are no shape. */
export function shapeOfJson(json: Json): Shape {
  let left = mostValues
  const visit = (value: Json, place: Place, depth: number): void => {
    left -= 1
    if (left < 0 || depth > mostDepth) return
    place.types.add(isArray(value) ? 'array' : value === null ? 'null' : typeof value)
    if (isArray(value)) {
      const items = below(place, '[]')
      for (const each of value) {
        if (left < 0) return
        visit(each, items, depth + 1)
      }
    } else if (isObject(value)) {
      for (const key in value) {
        if (left < 0) return
        visit(value[key] ?? null, below(place, `.${key}`), depth + 1)
      }
    }
  }
  const root = placeOf('$')
  visit(json, root, 0)
  const counts = new Map<string, number>()
  const collect = ({ path, types, below: further }: Place): void => {
    for (const type of types) counts.set(`${path}: ${type}`, 1)
    for (const each of further.values()) collect(each)
  }
  collect(root)
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

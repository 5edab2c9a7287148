// What changed between two JSON values, for people: both as one unfolded tree of lines, at a bounded cost.

import { isArray, isObject } from '../core/json.ts'
import type { Json, JsonObject } from '../core/types.ts'
import { commonTokens } from './text.ts'

/** A line of the tree. `removed` is production's alone, `added` the candidate's; `folded` stands for lines of both. */
export interface JsonLine {
  readonly kind: 'same' | 'removed' | 'added' | 'folded'
  readonly depth: number
  /** The member's name; null in an array, at the root and where a bracket closes. */
  readonly key: string | null
  /** A bracket, an empty container or a scalar as JSON; of folded lines how many they are. */
  readonly text: string
}

export interface JsonDiff {
  readonly lines: readonly JsonLine[]
  /** What was left out, and why; null where nothing was. */
  readonly note: string | null
}

/** Bounds of the work in units that no clock moves. */
export interface JsonDiffOptions {
  /** Lines of both that stay around each change; Infinity folds nothing. */
  readonly context?: number
  /** Values on one side, members and elements included. */
  readonly maxValues?: number
  readonly maxLines?: number
  /** Characters of one scalar that are shown. */
  readonly maxScalar?: number
}

const mostDepth = 200
/** Elements removed from and added to one array, beyond which it is compared place by place. Time: its square. */
const maxEdits = 600

/**
 * Order of keys is no difference; arrays are compared by a longest common subsequence. `same` and `removed` lines are
 * the production value, `same` and `added` lines the candidate's, where nothing is folded or left out. What is too deep
 * or too large has no lines and a note: whoever shows it falls back to the text.
 */
export function jsonDiffForPeople(production: Json, candidate: Json, options: JsonDiffOptions = {}): JsonDiff {
  const { context = 3, maxValues = 20_000, maxLines = 2000, maxScalar = 4000 } = options
  if (!isWithin(production, maxValues) || !isWithin(candidate, maxValues))
    return { lines: [], note: 'The JSON is too large or too deep to be compared by structure.' }
  const tree = new Tree(maxScalar)
  tree.compare({ left: production, right: candidate, depth: 0, key: null })
  const folded = fold(tree.lines, context)
  const left = folded.length - maxLines
  const notes = [
    ...(left > 0 ? [`${left} further lines of the comparison are left out.`] : []),
    ...(tree.hasCutScalar ? ['Long values are cut.'] : []),
  ]
  return { lines: folded.slice(0, maxLines), note: notes.length === 0 ? null : notes.join(' ') }
}

/** Whether a value has few enough parts and levels; walks without recursion, which a hostile depth would overflow. */
function isWithin(json: Json, maxValues: number): boolean {
  const waiting: { readonly json: Json; readonly depth: number }[] = [{ json, depth: 0 }]
  let values = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { depth } = next
    values += 1
    if (depth > mostDepth) return false
    const children = isArray(next.json) ? next.json : isObject(next.json) ? Object.values(next.json) : []
    if (values + waiting.length + children.length > maxValues) return false
    for (const child of children) waiting.push({ json: child, depth: depth + 1 })
  }
  return true
}

interface Place {
  readonly depth: number
  readonly key: string | null
}
type Two = Place & { readonly left: Json; readonly right: Json }

class Tree {
  readonly lines: JsonLine[] = []
  hasCutScalar = false
  /** Equal values have one number, so that no two subtrees are compared twice. */
  readonly #numbers = new Map<string, number>()
  readonly #known = new WeakMap<object, number>()
  readonly #maxScalar: number

  constructor(maxScalar: number) {
    this.#maxScalar = maxScalar
  }

  compare({ left, right, ...place }: Two): void {
    if (this.#numberOf(left) === this.#numberOf(right)) this.#write('same', right, place)
    else if (isObject(left) && isObject(right)) this.#compareObjects(left, right, place)
    else if (isArray(left) && isArray(right)) this.#compareArrays(left, right, place)
    else {
      this.#write('removed', left, place)
      this.#write('added', right, place)
    }
  }

  #compareObjects(left: JsonObject, right: JsonObject, place: Place): void {
    if (isEmpty(left) || isEmpty(right)) return this.#replace(left, right, place)
    this.#line('same', place, '{')
    const depth = place.depth + 1
    for (const [key, value] of Object.entries(left)) {
      const other = Object.hasOwn(right, key) ? right[key] : undefined
      if (other === undefined) this.#write('removed', value, { depth, key })
      else this.compare({ left: value, right: other, depth, key })
    }
    for (const [key, value] of Object.entries(right)) {
      if (!Object.hasOwn(left, key)) this.#write('added', value, { depth, key })
    }
    this.#line('same', { depth: place.depth, key: null }, '}')
  }

  #compareArrays(left: readonly Json[], right: readonly Json[], place: Place): void {
    if (isEmpty(left) || isEmpty(right)) return this.#replace(left, right, place)
    const inside = { depth: place.depth + 1, key: null }
    const numbersOf = (values: readonly Json[]) => values.map((each) => String(this.#numberOf(each)))
    const matches = commonTokens(numbersOf(left), numbersOf(right), maxEdits) ?? []
    this.#line('same', place, '[')
    let [i, j] = [0, 0]
    for (const [nextI, nextJ] of [...matches, [left.length, right.length] as const]) {
      this.#gap(left.slice(i, nextI), right.slice(j, nextJ), inside)
      const value = right[nextJ]
      if (value !== undefined) this.#write('same', value, inside)
      i = nextI + 1
      j = nextJ + 1
    }
    this.#line('same', { depth: place.depth, key: null }, ']')
  }

  /** Between two elements that both have: containers of one kind were probably edited, all else was replaced. */
  #gap(left: readonly Json[], right: readonly Json[], inside: Place): void {
    for (let place = 0; place < Math.max(left.length, right.length); place++) {
      const [a, b] = [left[place], right[place]]
      if (a !== undefined && b !== undefined) this.compare({ left: a, right: b, ...inside })
      else if (a !== undefined) this.#write('removed', a, inside)
      else if (b !== undefined) this.#write('added', b, inside)
    }
  }

  #replace(left: Json, right: Json, place: Place): void {
    this.#write('removed', left, place)
    this.#write('added', right, place)
  }

  #write(kind: 'same' | 'removed' | 'added', json: Json, place: Place): void {
    const depth = place.depth + 1
    if (isArray(json) && !isEmpty(json)) {
      this.#line(kind, place, '[')
      for (const each of json) this.#write(kind, each, { depth, key: null })
      this.#line(kind, { depth: place.depth, key: null }, ']')
    } else if (isObject(json) && !isEmpty(json)) {
      this.#line(kind, place, '{')
      for (const [key, value] of Object.entries(json)) this.#write(kind, value, { depth, key })
      this.#line(kind, { depth: place.depth, key: null }, '}')
    } else this.#line(kind, place, this.#scalar(JSON.stringify(json)))
  }

  #scalar(text: string): string {
    if (text.length <= this.#maxScalar) return text
    this.hasCutScalar = true
    return `${text.slice(0, this.#maxScalar).toWellFormed()}…`
  }

  #line(kind: JsonLine['kind'], { depth, key }: Place, text: string): void {
    this.lines.push({ kind, depth, key, text })
  }

  #numberOf(json: Json): number {
    if (typeof json !== 'object' || json === null) return this.#number(JSON.stringify(json))
    const known = this.#known.get(json)
    if (known !== undefined) return known
    const spelled = isArray(json)
      ? `[${json.map((each) => this.#numberOf(each)).join()}]`
      : `{${Object.entries(json)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, value]) => `${JSON.stringify(key)}:${this.#numberOf(value)}`)
          .join()}}`
    const number = this.#number(spelled)
    this.#known.set(json, number)
    return number
  }

  #number(spelled: string): number {
    const number = this.#numbers.get(spelled) ?? this.#numbers.size
    this.#numbers.set(spelled, number)
    return number
  }
}

function isEmpty(container: JsonObject | readonly Json[]): boolean {
  return (isArray(container) ? container : Object.keys(container)).length === 0
}

/** Folds runs of lines of both, but for some beside each change and for the brackets that a change is inside of. */
function fold(lines: readonly JsonLine[], context: number): readonly JsonLine[] {
  // Of equal values there is nothing to find between the folds.
  if (context === Infinity || lines.every(({ kind }) => kind === 'same')) return lines
  const kept = new Uint8Array(lines.length)
  const openers: number[] = []
  for (const [at, { kind, depth }] of lines.entries()) {
    openers[depth] = at
    if (kind === 'same') continue
    const from = Math.max(0, at - context)
    kept.fill(1, from, Math.min(lines.length, at + context + 1))
    for (const opener of openers.slice(0, depth)) kept[opener] = 1
  }
  const folded: JsonLine[] = []
  for (let at = 0; at < lines.length; ) {
    let end = at
    while (end < lines.length && kept[end] === 0) end++
    // A fold takes a line itself.
    if (end - at > 1) {
      const depth = lines[at]?.depth ?? 0
      folded.push({ kind: 'folded', depth, key: null, text: `${end - at} lines that both have` })
    } else folded.push(...lines.slice(at, end))
    const line = lines[end]
    if (line !== undefined) folded.push(line)
    at = end + 1
  }
  return folded
}

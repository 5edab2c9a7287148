// The arguments of a tool call that Gemini streams piece by piece, each with the JSON path of its place.

import type { Json } from '../core/types.ts'
import { fieldOf, textAt } from './shape.ts'

/** A tree under construction. Objects have no prototype, so that `__proto__` is a name like any other. */
type Node = { [key: string]: Slot } | Slot[]
type Slot = Node | string | number | boolean | null

/** Arguments nest a few levels; a hostile path nests without end. */
const maxDepth = 64

export interface PartialArgs {
  /** Takes one piece. Says whether it could be placed. */
  readonly take: (piece: Json) => boolean
  /** The arguments so far as JSON text. */
  readonly text: () => string
}

export function createPartialArgs(): PartialArgs {
  const root = emptyObject()
  return { take: (piece) => place(root, piece), text: () => JSON.stringify(root) }
}

function emptyObject(): { [key: string]: Slot } {
  return Object.create(null)
}

function place(root: Node, piece: Json): boolean {
  const path = stepsOf(textAt(piece, 'jsonPath') ?? textAt(piece, 'json_path') ?? '')
  const value = valueOf(piece)
  const last = path?.at(-1)
  if (path === null || last === undefined || value === undefined) return false
  let node = root
  for (const [at, step] of path.slice(0, -1).entries()) {
    const next = inside(node, step, typeof path[at + 1] === 'number')
    if (next === null) return false
    node = next
  }
  const before = slotAt(node, last)
  // A text comes in pieces, under one path.
  return setSlot(node, last, typeof before === 'string' && typeof value === 'string' ? before + value : value)
}

/** The node at a step, made where there is none yet; null where something else is in its place. */
function inside(node: Node, step: string | number, isList: boolean): Node | null {
  const slot = slotAt(node, step)
  if (typeof slot === 'object' && slot !== null) return slot
  if (slot !== undefined) return null
  const made = isList ? [] : emptyObject()
  return setSlot(node, step, made) ? made : null
}

function slotAt(node: Node, step: string | number): Slot | undefined {
  if (Array.isArray(node)) return typeof step === 'number' ? node[step] : undefined
  return node[String(step)]
}

/** A list grows by one at a time: a hostile index must not fill the memory. */
function setSlot(node: Node, step: string | number, slot: Slot): boolean {
  if (!Array.isArray(node)) {
    node[String(step)] = slot
    return true
  }
  if (typeof step !== 'number' || step > node.length) return false
  node[step] = slot
  return true
}

function valueOf(piece: Json): string | number | boolean | null | undefined {
  const text = fieldOf(piece, 'stringValue') ?? fieldOf(piece, 'string_value')
  if (typeof text === 'string') return text
  const number = fieldOf(piece, 'numberValue') ?? fieldOf(piece, 'number_value')
  if (typeof number === 'number') return number
  const truth = fieldOf(piece, 'boolValue') ?? fieldOf(piece, 'bool_value')
  if (typeof truth === 'boolean') return truth
  const isNull = fieldOf(piece, 'nullValue') !== undefined || fieldOf(piece, 'null_value') !== undefined
  return isNull ? null : undefined
}

/** `$.a.b[0]['c d']` as its steps; null where it is something else. */
function stepsOf(path: string): readonly (string | number)[] | null {
  if (!path.startsWith('$')) return null
  const steps: (string | number)[] = []
  const step = /\.([^.[\]]+)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y
  step.lastIndex = 1
  while (step.lastIndex < path.length) {
    const found = step.exec(path)
    if (found === null || steps.length === maxDepth) return null
    const [, name, index, single, double] = found
    steps.push(index === undefined ? (name ?? (single ?? double ?? '').replaceAll(/\\(.)/g, '$1')) : Number(index))
  }
  return steps
}

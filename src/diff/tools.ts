// What differs between the tool calls of two answers: call by call, argument by argument, and in words for people.

import { isArray, isObject } from '../core/json.ts'
import type { Json, ToolCall } from '../core/types.ts'
import { isSameJson, jsonIn } from './json-text.ts'

export type ToolDifference =
  /** The left answer makes the call, the right does not. */
  | { readonly kind: 'missing'; readonly name: string }
  /** The right answer makes a call that the left does not. */
  | { readonly kind: 'added'; readonly name: string }
  /** The calls are the same ones, one after the other in another order. */
  | { readonly kind: 'order'; readonly left: readonly string[]; readonly right: readonly string[] }
  /** `path` leads to the argument: "city", "filter.tags[0]"; "" is all of them. undefined where one side has none. */
  | {
      readonly kind: 'argument'
      readonly name: string
      readonly path: string
      readonly left: Json | undefined
      readonly right: Json | undefined
    }

/** Calls of one answer that are compared; what comes after them is compared by name alone. */
const mostCalls = 50
/** Differences that are told; whoever reads them has seen enough by then. */
const mostDifferences = 100

/** Whether a program would be called the same way: the same tools in the same order with the same arguments. */
export function isSameToolCalls(left: readonly ToolCall[], right: readonly ToolCall[]): boolean {
  return (
    left.length === right.length &&
    left.every((call, index) => call.name === right[index]?.name && isSameArguments(call, right[index]))
  )
}

/** All that differs, the first hundred of it; empty where `isSameToolCalls`. */
export function toolDifferences(left: readonly ToolCall[], right: readonly ToolCall[]): readonly ToolDifference[] {
  const pairs = matched(left.slice(0, mostCalls), right.slice(0, mostCalls))
  const [taken, given] = [new Set(pairs.map(([place]) => place)), new Set(pairs.map(([, place]) => place))]
  const found: ToolDifference[] = [
    ...left.flatMap(({ name }, place) => (taken.has(place) ? [] : [{ kind: 'missing' as const, name }])),
    ...right.flatMap(({ name }, place) => (given.has(place) ? [] : [{ kind: 'added' as const, name }])),
  ]
  if (found.length === 0 && pairs.some(([, place], index) => place < (pairs[index - 1]?.[1] ?? -1)))
    found.push({ kind: 'order', left: left.map(({ name }) => name), right: right.map(({ name }) => name) })
  for (const [from, to] of pairs) {
    const [a, b] = [left[from], right[to]]
    if (a && b) addArguments(found, a, b)
  }
  return found.slice(0, mostDifferences)
}

/** A call of one answer and the one that stands for it in the other; null where none does. */
export interface CallPair {
  readonly left: ToolCall | null
  readonly right: ToolCall | null
}

/** The first calls of both answers, those that stand for each other side by side, in the left one's order. */
export function pairedCalls(left: readonly ToolCall[], right: readonly ToolCall[]): readonly CallPair[] {
  const pairs = matched(left.slice(0, mostCalls), right.slice(0, mostCalls))
  const partnerOf = new Map(pairs)
  const given = new Set(pairs.map(([, place]) => place))
  return [
    ...left.slice(0, mostCalls).map((call, place) => {
      const partner = partnerOf.get(place)
      return { left: call, right: partner === undefined ? null : (right[partner] ?? null) }
    }),
    ...right.slice(0, mostCalls).flatMap((call, place) => (given.has(place) ? [] : [{ left: null, right: call }])),
  ]
}

/** Which call stands for which: of one name, those with the same arguments first, then in their order. */
function matched(left: readonly ToolCall[], right: readonly ToolCall[]): (readonly [number, number])[] {
  const partners = new Map<number, number>()
  const free = new Set(right.keys())
  const match = (isPartner: (a: ToolCall, b: ToolCall) => boolean) => {
    for (const [place, call] of left.entries()) {
      if (partners.has(place)) continue
      const partner = [...free].find((other) => isPartner(call, right[other] as ToolCall))
      if (partner === undefined) continue
      partners.set(place, partner)
      free.delete(partner)
    }
  }
  match((a, b) => a.name === b.name && isSameArguments(a, b))
  match((a, b) => a.name === b.name)
  return [...partners].toSorted(([a], [b]) => a - b)
}

const parsedArguments = new WeakMap<ToolCall, { readonly json: Json | undefined }>()

/** undefined where they are no JSON. No arguments at all are an empty object, as most APIs read it. */
export function argumentsOf(call: ToolCall): Json | undefined {
  const known = parsedArguments.get(call)
  if (known !== undefined) return known.json
  const json = call.arguments.trim() === '' ? {} : jsonIn(call.arguments)
  parsedArguments.set(call, { json })
  return json
}

function isSameArguments(left: ToolCall, right: ToolCall | undefined): boolean {
  if (right === undefined) return false
  if (left.arguments === right.arguments) return true
  const [a, b] = [argumentsOf(left), argumentsOf(right)]
  return a !== undefined && b !== undefined && isSameJson(a, b)
}

function addArguments(found: ToolDifference[], left: ToolCall, right: ToolCall): void {
  if (isSameArguments(left, right)) return
  const [a, b] = [argumentsOf(left), argumentsOf(right)]
  const { name } = left
  // What is no JSON is compared, and shown, as the text that it is.
  if (a === undefined || b === undefined)
    found.push({ kind: 'argument', name, path: '', left: a ?? left.arguments, right: b ?? right.arguments })
  else addJson(found, name, '', [a, b])
}

function addJson(
  found: ToolDifference[],
  name: string,
  path: string,
  [left, right]: readonly [Json | undefined, Json | undefined],
): void {
  if (found.length >= mostDifferences || isSameJson(left, right)) return
  if (isArray(left) && isArray(right)) {
    for (let index = 0; index < Math.max(left.length, right.length) && found.length < mostDifferences; index++)
      addJson(found, name, `${path}[${index}]`, [left[index], right[index]])
  } else if (isObject(left) && isObject(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const [a, b] = [left, right].map((side) => (Object.hasOwn(side, key) ? side[key] : undefined))
      addJson(found, name, path === '' ? key : `${path}.${key}`, [a, b])
    }
  } else found.push({ kind: 'argument', name, path, left, right })
}

/** The differences in words: "calls search, which production did not", "argument city: Paris → London". */
export function describeToolDifferences(differences: readonly ToolDifference[], most = 8): readonly string[] {
  const names = new Set(differences.flatMap((each) => (each.kind === 'argument' ? [each.name] : [])))
  const words = differences.slice(0, most).map((each) => wordsOf(each, names.size > 1))
  const more = differences.length - words.length
  return more > 0 ? [...words, `and ${more} more ${more === 1 ? 'difference' : 'differences'}`] : words
}

function wordsOf(difference: ToolDifference, isNamed: boolean): string {
  switch (difference.kind) {
    case 'missing':
      return `does not call ${difference.name}, which production did`
    case 'added':
      return `calls ${difference.name}, which production did not`
    case 'order':
      return `calls in another order: ${difference.left.join(', ')} → ${difference.right.join(', ')}`
    case 'argument': {
      const { name, path, left, right } = difference
      const what = path === '' ? 'arguments' : `argument ${path}`
      const subject = isNamed ? `${name}, ${what}` : what
      if (left === undefined) return `${subject}: added, ${shown(right, false)}`
      if (right === undefined) return `${subject}: left out, was ${shown(left, false)}`
      // "5" and 5 must not look the same.
      const isQuoted = typeof left !== typeof right
      return `${subject}: ${shown(left, isQuoted)} → ${shown(right, isQuoted)}`
    }
    default:
      return difference satisfies never
  }
}

const longestShown = 60

function shown(json: Json | undefined, isQuoted: boolean): string {
  const text = typeof json === 'string' && !isQuoted && json !== '' ? json : JSON.stringify(json)
  const line = text.slice(0, 10 * longestShown).replaceAll(/\s+/g, ' ')
  return line.length > longestShown ? `${line.slice(0, longestShown - 1)}…` : line
}

// What is asked of answers to tell how they changed. Thin on purpose: a better detector replaces a body, not its callers.

import type { AnsweredCall, Reply } from '../../core/types.ts'
import { isDocument, jsonIn } from '../../diff/json-text.ts'
import { isSameToolCalls } from '../../diff/tools.ts'
import { haveCommonWords } from '../common-words.ts'
import { areInOneLanguage, isLoopingIn, jsonOf, scanOf } from '../facts.ts'
import { answered } from '../metrics/answered.ts'
import { refused } from '../metrics/refused.ts'
import type { Scan } from '../scan.ts'

/** A call that was answered: more than nothing came. */
export interface Answer {
  readonly call: AnsweredCall
  readonly reply: Reply
  readonly text: string
  /** Read when first asked for. */
  readonly scan: () => Scan
}

/** null where there is no answer. */
export function answerOf(call: AnsweredCall): Answer | null {
  const measure = answered.measure(call)
  if (call.outcome.kind !== 'reply' || measure.kind === 'absent' || measure.value !== 1) return null
  const { reply } = call.outcome
  return { call, reply, text: reply.text.trim(), scan: () => scanOf(reply) }
}

export function isRefusal({ call }: Answer): boolean {
  const measure = refused.measure(call)
  return measure.kind === 'value' && measure.value === 1
}

export function isCut({ reply }: Answer): boolean {
  return reply.stop === 'length'
}

export function callsTool({ reply }: Answer): boolean {
  return reply.toolCalls.length > 0
}

export function hasSameToolCalls(a: Answer, b: Answer): boolean {
  return isSameToolCalls(a.reply.toolCalls, b.reply.toolCalls)
}

const fence = /(?:^|\n)[ \t]{0,3}(?:```|~~~)([\w+#.-]{0,20})/
/** Where fences are looked for, in characters. */
const mostSearched = 4000

/** The language behind the first code fence, "" where it names none; null where there is no fence. */
export function fenceOf({ text }: Answer): string | null {
  return fence.exec(text.slice(0, mostSearched))?.[1]?.toLowerCase() ?? null
}

/** An object or a list, bare or in one code fence: what a fence around JSON changes has a kind of its own. */
export function isJson({ reply, text }: Answer): boolean {
  return isDocument(text.startsWith('```') ? jsonIn(text.slice(text.indexOf('\n') + 1, -3)) : jsonOf(reply))
}

/** Both languages can be told, and are two; or the scripts are. */
export function isOtherLanguage(a: Answer, b: Answer): boolean {
  return areInOneLanguage(a.reply, b.reply) === false
}

export function repeatsItself({ reply }: Answer): boolean {
  return isLoopingIn(reply)
}

/** One is so many times as long as the other. The same number both ways, so that each is the mirror of the other. */
const collapse = 5
/** Characters: what is short anyway does not collapse. */
const leastBefore = 40

export function isCollapse(from: Answer, to: Answer): boolean {
  return from.text.length >= leastBefore && to.text.length * collapse < from.text.length
}

/** The same words in the same order, whatever stands between them. */
export function hasSameWords(a: Answer, b: Answer): boolean {
  return isWhole(a, b) && isSame(a.scan().words, b.scan().words)
}

/** An answer of so few words is a value as a whole. */
const mostOfValue = 2

/** The same form around other numbers, quotations and names; or nothing but a value on both sides. */
export function hasSameForm(a: Answer, b: Answer): boolean {
  const [one, other] = [a.scan(), b.scan()]
  const isShort = Math.max(one.words.length, other.words.length) <= mostOfValue
  return isWhole(a, b) && (isShort || isSame(one.form, other.form))
}

function isWhole(a: Answer, b: Answer): boolean {
  return a.scan().isWhole && b.scan().isWhole
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((number, place) => number === b[place])
}

/** At least half of the words in common, in whatever order. */
export function sharesWords(a: Answer, b: Answer): boolean {
  return haveCommonWords(a.scan().words, b.scan().words)
}

// Pairs of answers for the bench of metrics: what two models said to the same question, cut to one length, and other forms of it.

import type { AnsweredCall, Pair, Reply } from '../../../src/core/types.ts'
import type { MeasureContext } from '../../../src/score/metric.ts'

export interface MeasuredPair {
  readonly pair: Pair
  readonly context: MeasureContext
}

const wordsOf = (text: string) => text.match(/\S+\s*/g) ?? []

/** Each list's texts one behind the other, cut anew after so many words. */
export function cutTo(words: number, texts: readonly string[]): readonly string[] {
  const all = texts.flatMap((text) => wordsOf(`${text}\n\n`))
  return Array.from({ length: Math.floor(all.length / words) }, (_, place) =>
    all
      .slice(place * words, (place + 1) * words)
      .join('')
      .trim(),
  )
}

/** Half of the words stand in fields of a list of objects. */
export function asJson(text: string): string {
  const fields = wordsOf(text).map((word) => word.trim())
  const items = Array.from({ length: Math.ceil(fields.length / 10) }, (_, place) => ({
    id: place,
    title: fields.slice(place * 10, place * 10 + 4).join(' '),
    tags: fields.slice(place * 10 + 4, place * 10 + 7),
    note: fields.slice(place * 10 + 7, place * 10 + 10).join(' '),
  }))
  return JSON.stringify({ items })
}

export function asMarkdown(text: string): string {
  return text
    .split(/(?<=[.!?])\s+/)
    .map((sentence, place) => (place % 5 === 0 ? `## ${sentence.slice(0, 40)}\n\n${sentence}` : `- ${sentence}`))
    .join('\n')
}

export function call(reply: Partial<Reply>): AnsweredCall {
  const usage = { input: 100, output: 250, cachedInput: null, reasoning: null }
  const whole: Reply = { text: '', toolCalls: [], stop: 'end', usage, servedModel: 'model-1', ...reply }
  return { outcome: { kind: 'reply', reply: whole }, latencyMs: 800, firstTokenMs: null, tries: 1 }
}

export const plainContext: MeasureContext = {
  prices: { production: null, candidate: null },
  reportsCache: { production: false, candidate: false },
  asked: { isJson: false, schema: null, tools: [] },
  record: null,
  judged: null,
}

export function pairOf(production: Partial<Reply>, candidate: Partial<Reply>, context = plainContext): MeasuredPair {
  const [left, right] = [call(production), call(candidate)]
  return {
    pair: { recordId: 'r0', ordinal: 0, comparison: 'candidate', production: left, candidate: right },
    context,
  }
}

/** Texts that take long where work has no bound. Each is a text of the length and its like with edits. */
export const hostile: Readonly<Record<string, (length: number) => readonly [string, string]>> = {
  'words, few in common': (length) => [drawn(length, 1, 5000), drawn(length, 2, 5000)],
  'words of a small vocabulary': (length) => [drawn(length, 3, 40), drawn(length, 4, 40)],
  'one character': (length) => ['a'.repeat(length), 'a'.repeat(length - 1)],
  'punctuation, each its own token': (length) => [cycle('. , ; : ', length), cycle('; . : , ', length)],
  'combining marks': (length) => [`e${'\u0301\u0316'.repeat(length / 2)}`, `e${'\u0316\u0301'.repeat(length / 2)}`],
  'Han without a space': (length) => [cycle('的一是不了人我在有他', length), cycle('人我在有他的一是不了', length)],
  'spaces and line ends': (length) => [cycle(' \n\t', length), cycle('\n \t ', length)],
  'code fences': (length) => [cycle('```js\nlet a = 1\n```\n', length), cycle('```\nlet b = 2\n```\n', length)],
  'list items': (length) => [cycle('- item one of many\n', length), cycle('1. item two of many\n', length)],
  'JSON, nested': (length) => [nested(length), nested(length - 2)],
  'JSON, a long list': (length) => [`[${cycle('1234,', length)}1]`, `[${cycle('1235,', length)}1]`],
  'JSON, many keys': (length) => [keys(length, 'a'), keys(length, 'b')],
  'brackets that open only': (length) => ['['.repeat(length), '{"a":'.repeat(length / 5)],
  'quotation marks': (length) => [cycle('"a" ', length), cycle('"b ', length)],
  'lone surrogates': (length) => [cycle('\ud800x', length), cycle('x\udc00', length)],
  'sorry and nothing else': (length) => [cycle("I'm sorry, I can't. ", length), cycle('I cannot help. ', length)],
  'links and backticks': (length) => [cycle('https://example.org/`', length), cycle('`https://example.org ', length)],
}

function cycle(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length)
}

function drawn(length: number, seed: number, vocabulary: number): string {
  let state = seed
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  let text = ''
  while (text.length < length) text += `w${Math.floor(next() * vocabulary).toString(36)} `
  return text.slice(0, length)
}

function nested(length: number): string {
  const depth = Math.floor(length / 6)
  return '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)
}

function keys(length: number, start: string): string {
  return `{${Array.from({ length: Math.ceil(length / 16) }, (_, place) => `"${start}${place}":${place}`).join(',')}}`
}

// A filter's text → its terms. One grammar for `--where`, the report's search box and the terminal's.

import { nearest } from '../core/nearest.ts'
import { type NumberWord, numberWords, type StateWord, stateWords } from './words.ts'

/** All of a filter's terms must hold. `isNegated`: written with a leading `-`. */
export type Term = { readonly isNegated: boolean } & (
  | { readonly kind: 'state'; readonly state: StateWord }
  | { readonly kind: 'number'; readonly number: NumberWord; readonly sign: Sign; readonly value: number }
  /** `task=prime`; `value` null: `task=`, which has no such segment. */
  | { readonly kind: 'segment'; readonly key: string; readonly value: string }
  | { readonly kind: 'cluster'; readonly id: string }
  | { readonly kind: 'pair'; readonly id: string }
  /** Occurs in the request or an answer, whatever its case. */
  | { readonly kind: 'text'; readonly text: string }
)
export type Sign = '<' | '>' | '<=' | '>='

export type Parsed =
  | { readonly kind: 'filter'; readonly terms: readonly Term[] }
  /** What is wrong, as a sentence; `at` is where, in UTF-16 units. */
  | { readonly kind: 'mistake'; readonly because: string; readonly at: number }

// A term is a word, or a word and a quoted value, or a quoted text; a quote that nobody closes ends with the line.
const term = /-?(?:[^\s"=<>]+(?:<=|>=|=|<|>))?(?:"(?:[^"\\]|\\.)*"?|[^\s"]+)/g
const comparison = /^([a-z]+)(<=|>=|<|>)(.+)$/
const equation = /^([^\s"=<>]+)=(.*)$/s

/**
 * Words are joined by AND. `regressed` and its like are states, `similarity<0.5` compares, `task=prime` asks for a segment,
 * `cluster=` and `pair=` for an id, all else is text to be found; quotes make anything text. `-` before a term negates it.
 * `segments`: the keys that the run has; another key is a mistake.
 */
export function parseFilter(text: string, segments: readonly string[]): Parsed {
  const terms: Term[] = []
  for (const found of text.matchAll(term)) {
    const isNegated = found[0].length > 1 && found[0].startsWith('-')
    const bare = isNegated ? found[0].slice(1) : found[0]
    const read = termOf(bare, segments)
    if ('because' in read) return { kind: 'mistake', because: read.because, at: found.index }
    terms.push({ isNegated, ...read })
  }
  return { kind: 'filter', terms }
}

type Bare = Term extends infer Each ? (Each extends Term ? Omit<Each, 'isNegated'> : never) : never
type Read = Bare | { readonly because: string }

function termOf(bare: string, segments: readonly string[]): Read {
  if (bare.startsWith('"')) return { kind: 'text', text: unquoted(bare) }
  const compared = comparison.exec(bare)
  if (compared) return comparisonOf(compared)
  const equal = equation.exec(bare)
  if (equal) return equationOf(equal[1] ?? '', unquoted(equal[2] ?? ''), segments)
  const state = stateWords.find(({ word }) => word === bare)
  return state ? { kind: 'state', state } : { kind: 'text', text: bare }
}

function comparisonOf([whole, word = '', sign = '', text = '']: RegExpExecArray): Read {
  const number = numberWords.find((each) => each.word === word)
  if (!number) return { because: unknown(word, 'number', numberWords) }
  const value = /^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value)) return { because: `"${text}" in ${whole} is no number` }
  return { kind: 'number', number, sign: sign as Sign, value }
}

function equationOf(key: string, value: string, segments: readonly string[]): Read {
  if (key === 'cluster') return { kind: 'cluster', id: value }
  if (key === 'pair') return { kind: 'pair', id: value }
  if (segments.includes(key)) return { kind: 'segment', key, value }
  const keys = [...segments, 'cluster', 'pair'].map((word) => ({ word }))
  return { because: unknown(key, 'segment', keys) }
}

function unknown(word: string, what: string, known: readonly { readonly word: string }[]): string {
  const names = known.map((each) => each.word)
  const near = nearest(word, names)
  const meant = near === null ? '.' : `; did you mean ${near}?`
  return `there is no ${what} called "${word}"${meant} There are ${names.join(', ')}. Quotes make it text`
}

/** Without its quotes, where it has some: a backslash keeps a quote in the text. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text
  const inside = text.length > 1 && text.endsWith('"') && !text.endsWith('\\"') ? text.slice(1, -1) : text.slice(1)
  return inside.replaceAll(/\\(["\\])/g, '$1')
}

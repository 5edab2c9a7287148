// Which language an answer is written in, as far as its length lets anyone tell.

import { francAll } from 'franc-min'

/** What can be said of a text: its words, and how well each language fits it, best first. */
export interface Told {
  readonly words: ReadonlySet<string>
  /** Characters of prose that this rests on. */
  readonly length: number
  /** Reading the trigrams takes time, and most pairs are decided by their words. */
  readonly languages: () => readonly (readonly [language: string, fit: number])[]
}

/** Letters of prose below which a language is a guess. */
const fewestLetters = 60
/** Characters of prose that are looked at: more of them change no answer. */
const mostLetters = 400
/** Of the words of the shorter answer: two languages share names and loans, one shares its small words. */
const sharedWords = 0.4
/**
 * How far the other answer's language must lie behind: Danish and Norwegian, Spanish and Portuguese are near each other. Pieces of
 * one translated software text came to 0.034 at most from 250 characters on, and to twice that below (119 and 233 pairs, 45 languages).
 */
const behind = (characters: number) => (characters < 250 ? 0.07 : 0.035)

/** null where there is too little prose to tell by: code, numbers and names have no language. */
export function tell(text: string): Told | null {
  const prose = proseOf(text)
  const letters = prose.match(/\p{L}/gu)?.length ?? 0
  // Where one character is a word, a third of the length says as much.
  const weight = dense.test(prose) ? 3 : 1
  if (letters * weight < fewestLetters) return null
  let languages: ReturnType<Told['languages']> | null = null
  return {
    length: prose.length,
    words: new Set(prose.toLowerCase().match(/[\p{L}\p{M}]+/gu)),
    languages: () => (languages ??= francAll(prose, { minLength: 1 })),
  }
}

const dense = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/v

/** The text without code, links and what is no word: lines with little but letters in them. */
function proseOf(text: string): string {
  const lines = text
    .slice(0, 20 * mostLetters)
    .replaceAll(/```[^]*?(?:```|$)|`[^`\n]*`|https?:\/\/\S+/g, ' ')
    .split('\n')
  const prose = lines.filter((line) => {
    const letters = line.match(/[\p{L}\p{M} ,.]/gu)?.length ?? 0
    return letters >= 0.85 * line.trim().length
  })
  return prose.join(' ').replaceAll(/\s+/g, ' ').slice(0, mostLetters)
}

/** Whether both are of one language; a doubt is no difference. */
export function isSameLanguage(a: Told, b: Told): boolean {
  return shareOfWords(a.words, b.words) >= sharedWords || !(leads(a, b) && leads(b, a))
}

function shareOfWords(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a]
  let shared = 0
  for (const word of few) if (many.has(word)) shared += 1
  return few.size === 0 ? 0 : shared / few.size
}

/** Whether the language of `other` fits `own` clearly worse than its own does. */
function leads(own: Told, other: Told): boolean {
  const [language] = other.languages()[0] ?? ['und']
  const fit = own.languages().find(([name]) => name === language)?.[1] ?? 0
  return 1 - fit >= behind(Math.min(own.length, other.length))
}

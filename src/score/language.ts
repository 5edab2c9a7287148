// Which language an answer is written in, as far as its length lets anyone tell.

import { francAll } from 'franc-min'

/** What can be said of a text, dearest last. */
export interface Told {
  /** That most of its letters are of; null where none has most. */
  readonly script: string | null
  /** Too short for more than its script. */
  readonly isShort: boolean
  /** Characters of prose that this rests on. */
  readonly length: number
  /** By its little words; null where they do not tell. */
  readonly likely: string | null
  readonly words: ReadonlySet<string>
  /** How well each language fits it, best first. Reading the trigrams takes longer than all else together. */
  readonly languages: () => readonly (readonly [language: string, fit: number])[]
}

/** Letters of prose below which a script says nothing, and a language is a guess; of those that are a word each, a third. */
const [fewestOfScript, fewestLetters] = [20, 60]
/** Characters of prose that are looked at: more of them change no answer. */
const mostLetters = 300
/** Of the words of the shorter answer: two languages share names and loans, one shares its small words. */
const sharedWords = 0.4
/**
 * How far the other answer's language must lie behind: Danish and Norwegian, Spanish and Portuguese are near each other. Pieces of
 * one translated software text came to 0.034 at most from 250 characters on, and to twice that below (119 and 233 pairs, 45 languages).
 */
const behind = (characters: number) => (characters < 250 ? 0.07 : 0.035)

/** Scripts that are one language's, as good as. Japanese is told by its kana, however much Han stands between. */
const ownScripts = ['Hangul', 'Han', 'Greek', 'Hebrew', 'Thai', 'Georgian', 'Armenian', 'Tamil'] as const
const sharedScripts = ['Latin', 'Cyrillic', 'Arabic', 'Devanagari', 'Bengali'] as const
const letterOf = new Map([...sharedScripts, ...ownScripts].map((name) => [name, new RegExp(`\\p{sc=${name}}`, 'gu')]))
const kana = /[\p{sc=Hiragana}\p{sc=Katakana}]/gu
/** Of the letters of a text in Japanese at least. */
const kanaShare = 0.05

/** Among the commonest words of languages that are written much: a quick yes for answers in the same one. */
const littleWords: Readonly<Record<string, string>> = {
  english:
    'the and of is that it with are this be by not from have which you will can what when there their would ' +
    'they your if more has but should could these those about how some any other into who than',
  german: 'der und das ist nicht den von mit dem sich auf eine auch werden aus bei nach oder einen sie ich wird sind',
  french: 'le les des est une dans qui que pour pas sur au avec ce par sont vous nous plus cette il elle mais',
  spanish: 'el los las una es por para con del al lo como más su pero esta son está muy sus también este',
  italian: 'il di che è della per non sono gli una nel alla dei anche questo più come delle ma si con',
  portuguese: 'não uma um do da dos das em para com os é mais são você pelo pela também isso foi ao na',
  dutch: 'het een van niet zijn voor op met aan ook maar bij naar wordt deze dit heeft geen worden kan je',
  polish: 'nie jest się na że do to jak dla przez od po są być może który tak oraz ale lub',
  turkish: 've bir bu için ile da de çok daha olarak gibi ama olan en değil kadar sonra her veya ne',
}
/** Of which language each is; a word of two says nothing of either. */
const languageOfWord = new Map<string, string | null>()
for (const [language, words] of Object.entries(littleWords))
  for (const word of words.split(' ')) languageOfWord.set(word, languageOfWord.has(word) ? null : language)

/** Different little words, and twice as many as of any other language. */
const fewestLittleWords = 4

/** null where there is too little prose to tell by: code, numbers and names have no language. */
export function tell(text: string): Told | null {
  const prose = proseOf(text)
  if (!hasLetters(prose, fewestOfScript)) return null
  const words = new Set(prose.toLowerCase().match(isAscii.test(prose) ? /[a-z]+/g : /[\p{L}\p{M}]+/gu))
  let languages: ReturnType<Told['languages']> | null = null
  return {
    script: scriptOf(prose),
    isShort: !hasLetters(prose, fewestLetters),
    length: prose.length,
    likely: likelyOf(words),
    words,
    languages: () => (languages ??= francAll(prose, { minLength: 1 })),
  }
}

const isAscii = /^[\0-\x7f]*$/
const ideograph = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gv

function hasLetters(prose: string, fewest: number): boolean {
  return count(prose, isAscii.test(prose) ? /[a-z]/gi : /\p{L}/gu) >= fewest || count(prose, ideograph) * 3 >= fewest
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

function scriptOf(prose: string): string | null {
  if (isAscii.test(prose)) return 'Latin'
  const letters = count(prose, /\p{L}/gu)
  if (count(prose, kana) > kanaShare * letters) return 'kana'
  for (const [script, letter] of letterOf) if (count(prose, letter) * 2 > letters) return script
  return null
}

function isOneLanguages(script: string): boolean {
  return script === 'kana' || ownScripts.some((own) => own === script)
}

function likelyOf(words: ReadonlySet<string>): string | null {
  const counts = new Map<string, number>()
  for (const word of words) {
    const language = languageOfWord.get(word) ?? null
    if (language !== null) counts.set(language, (counts.get(language) ?? 0) + 1)
  }
  const [[first, most] = ['', 0], [, second] = ['', 0]] = [...counts].toSorted(([, a], [, b]) => b - a)
  return most >= fewestLittleWords && most >= 2 * second ? first : null
}

/** The text without code, links and what is no word: lines with little but letters in them. */
function proseOf(text: string): string {
  const plain = text.slice(0, 20 * mostLetters).replaceAll(/```[^]*?(?:```|$)|`[^`\n]*`|https?:\/\/\S+/g, ' ')
  let prose = ''
  for (const line of plain.split('\n')) {
    const own = line.slice(0, 2 * mostLetters).trim()
    const others = count(own, isAscii.test(own) ? /[^a-z ,.]/gi : /[^\p{L}\p{M} ,.]/gu)
    if (others <= 0.15 * own.length) prose += `${own} `
    if (prose.length >= 2 * mostLetters) break
  }
  return prose.replaceAll(/\s+/g, ' ').slice(0, mostLetters)
}

/** Whether both are of one language; a doubt is no difference. null where they are too short to tell. */
export function isSameLanguage(a: Told, b: Told): boolean | null {
  if (a.script !== null && b.script !== null && a.script !== b.script) return false
  if (a.isShort || b.isShort) return null
  if (a.script !== null && isOneLanguages(a.script)) return true
  if (a.likely !== null && a.likely === b.likely) return true
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

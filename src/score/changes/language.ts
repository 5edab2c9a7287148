// Which language a text is in: by its script, and for Latin letters by its little words. Unsure is no language.

import { type Scan, scripts, wordNumber } from './scan.ts'

/** Among the commonest words of each language. */
const littleWords: Readonly<Record<string, string>> = {
  english: 'the and of is that it with are this be by not from have which you will can what when there their would',
  german: 'der und das ist nicht den von mit dem sich auf eine auch werden aus bei nach oder einen sie ich wird sind',
  french: 'le les des est une dans qui que pour pas sur au avec ce par sont vous nous plus cette il elle mais',
  spanish: 'el los las una es por para con del al lo como más su pero esta son está muy sus también este',
  italian: 'il di che è della per non sono gli una nel alla dei anche questo più come delle ma si con',
  portuguese: 'não uma um do da dos das em para com os é mais são você pelo pela também isso foi ao na',
  dutch: 'het een van niet zijn voor op met aan ook maar bij naar wordt deze dit heeft geen worden kan je',
  polish: 'nie jest się na że do to jak dla przez od po są być może który tak oraz ale lub',
  turkish: 've bir bu için ile da de çok daha olarak gibi ama olan en değil kadar sonra her veya ne',
}

const languages = Object.keys(littleWords)
/** Which language each word belongs to; −1 for a word of two, which says nothing about either. */
const languageOfWord = new Map<number, number>()
for (const [place, words] of Object.values(littleWords).entries()) {
  for (const word of words.split(' ')) {
    const number = wordNumber(word)
    languageOfWord.set(number, languageOfWord.has(number) ? -1 : place)
  }
}

/** Fewer letters are a name or a code. */
const fewestLetters = 20
/** So many little words, and twice as many as of any other language. */
const fewestLittleWords = 3

/** A word for the language, or for the script where few share it; null where the text does not tell. */
export function languageOf({ words, letters }: Scan): string | null {
  const all = letters.reduce((sum, count) => sum + count, 0)
  if (all < fewestLetters) return null
  const most = letters.indexOf(Math.max(...letters))
  if (2 * (letters[most] ?? 0) <= all) return null
  const script = scripts[most]
  // Japanese mixes kana and Han; a few kana in a text of Han are enough to tell.
  if (script === 'han') return (letters[scripts.indexOf('kana')] ?? 0) * 20 > all ? 'kana' : 'han'
  return script === 'latin' ? latinLanguageOf(words) : (script ?? null)
}

function latinLanguageOf(words: Int32Array): string | null {
  const counts = languages.map(() => 0)
  for (const word of words) {
    const place = languageOfWord.get(word) ?? -1
    if (place >= 0) counts[place] = (counts[place] ?? 0) + 1
  }
  const [most = 0, second = 0] = counts.toSorted((a, b) => b - a)
  if (most < fewestLittleWords || most < 2 * second || most * 20 < words.length) return null
  return languages[counts.indexOf(most)] ?? null
}

// A text read once, for all that is asked about it: its words and its form, as numbers.

export interface Scan {
  /** A number for each word and number, whatever its case; marks and blanks left out. */
  readonly words: Int32Array
  /** The same with marks, and placeholders for what changes from answer to answer: numbers, quotations, names. */
  readonly form: Int32Array
  /** Place of the first of `words` that is of the text's end, where only both ends were read; else 0. */
  readonly endAt: number
  /** False where the text is so long that only its beginning and its end were read. */
  readonly isWhole: boolean
}

/** Characters read at the beginning and at the end of a text of more than both. */
const mostAtEachEnd = 8000
/** A quotation is no longer than that, and ends on its line. */
const mostQuoted = 200

const placeholder = { number: 1, quotation: 2, name: 3 }

export function scan(text: string): Scan {
  const isWhole = text.length <= 2 * mostAtEachEnd
  const reader = new Reader(isWhole ? text : `${text.slice(0, mostAtEachEnd)}\n${text.slice(-mostAtEachEnd)}`)
  if (!isWhole) reader.readTo(mostAtEachEnd)
  const endAt = reader.wordCount
  reader.readTo(Infinity)
  return {
    words: reader.words.slice(0, reader.wordCount),
    form: reader.form.slice(0, reader.formCount),
    endAt,
    isWhole,
  }
}

const [tab, newline, blank, quote, apostrophe, colon, opening, closing, backtick] = [9, 10, 32, 34, 39, 58, 91, 93, 96]
const [curlyOpening, curlyClosing, curlyApostrophe] = [0x201c, 0x201d, 0x2019]

/** What each of the first 128 characters is. */
const [mark, space, digit, letter] = [0, 1, 2, 3]
const ascii = Uint8Array.from({ length: 128 }, (_, code) => {
  if ((code >= tab && code <= 13) || code === blank) return space
  if (code >= 48 && code <= 57) return digit
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 ? letter : mark
})

/** Written by one reader after the other: what is scanned is copied out. */
const scratch = { words: new Int32Array(2 * mostAtEachEnd + 1), form: new Int32Array(2 * mostAtEachEnd + 1) }

class Reader {
  readonly words = scratch.words
  readonly form = scratch.form
  wordCount = 0
  formCount = 0
  readonly #text: string
  #at = 0
  /** Up to here the form has a placeholder already. */
  #quotedTo = 0
  /** Up to here marks open nothing: they are the key's that is read. */
  #keyTo = 0
  #isSentenceStart = true

  constructor(text: string) {
    this.#text = text
  }

  readTo(end: number): void {
    while (this.#at < Math.min(end, this.#text.length)) {
      const code = this.#text.charCodeAt(this.#at)
      const what = kindOf(code)
      if (what === space) {
        if (code === newline) this.#isSentenceStart = true
        this.#at++
      } else if (what === digit) this.#number()
      else if (what === letter) this.#word(code)
      else this.#mark(code)
    }
  }

  #number(): void {
    const start = this.#at
    let hash = 7
    let code = this.#text.charCodeAt(start)
    while (kindOf(code) === digit || (isInNumber(code) && kindOf(this.#text.charCodeAt(this.#at + 1)) === digit)) {
      hash = mixed(hash, code)
      code = this.#text.charCodeAt(++this.#at)
    }
    this.words[this.wordCount++] = hash
    this.#shape(placeholder.number, start)
    this.#isSentenceStart = false
  }

  #word(first: number): void {
    const start = this.#at
    let hash = 11
    let code = first
    // Most words are ASCII alone, and need no questions asked of each letter.
    while (code < 128 && (ascii[code] ?? mark) >= digit) {
      hash = mixed(hash, code >= 65 && code <= 90 ? code + 32 : code)
      code = this.#text.charCodeAt(++this.#at)
    }
    if (code >= 128 && !(this.#at > start && isSpaceless(code))) hash = this.#foreignLetters(hash)
    this.words[this.wordCount++] = hash
    const isName = !this.#isSentenceStart && first >= 65 && first <= 90 && this.#at - start > 1
    this.#shape(isName ? placeholder.name : hash, start)
    this.#isSentenceStart = false
  }

  /** The rest of a word, from its first letter beyond ASCII on. */
  #foreignLetters(before: number): number {
    let hash = before
    let code = this.#text.charCodeAt(this.#at)
    // Scripts without blanks between words: one character is one word, else a whole sentence would be.
    const isAlone = isSpaceless(code)
    while (kindOf(code) >= digit) {
      hash = mixed(hash, code >= 65 && code <= 90 ? code + 32 : code)
      code = this.#text.charCodeAt(++this.#at)
      if (isAlone || isSpaceless(code)) break
    }
    return hash
  }

  #mark(code: number): void {
    const start = this.#at
    const plain = code === curlyApostrophe ? apostrophe : code
    const end = start >= Math.max(this.#quotedTo, this.#keyTo) ? this.#endOfQuotation(code) : -1
    this.#shape(end > 0 ? mixed(plain, placeholder.quotation) : plain, start)
    if (end > 0) this.#quotedTo = end
    if (isSentenceEnd(code)) this.#isSentenceStart = true
    // A run of one mark is one mark.
    do this.#at++
    while (this.#text.charCodeAt(this.#at) === code)
  }

  /** Behind the closing mark of what is quoted here; −1 where nothing is. The keys of JSON are form, not quotations. */
  #endOfQuotation(code: number): number {
    if (code !== quote && code !== backtick && code !== opening && code !== curlyOpening) return -1
    const close = code === opening ? closing : code === curlyOpening ? curlyClosing : code
    const last = Math.min(this.#text.length, this.#at + mostQuoted)
    for (let at = this.#at + 1; at < last; at++) {
      const here = this.#text.charCodeAt(at)
      if (here === newline) return -1
      if (here !== close) continue
      const isKey = code === quote && this.#text.charCodeAt(at + 1) === colon
      if (isKey) this.#keyTo = at + 1
      return isKey || at === this.#at + 1 ? -1 : at + 1
    }
    return -1
  }

  /** Two names in a row are one: "New York" is a name as "Paris" is. */
  #shape(hash: number, start: number): void {
    if (start < this.#quotedTo) return
    const isRepeated = hash === placeholder.name && this.form[this.formCount - 1] === hash
    if (!isRepeated) this.form[this.formCount++] = hash
  }
}

/** A mark at the text's end, where there is no character. */
function kindOf(code: number): number {
  if (code < 128) return ascii[code] ?? mark
  if (code === 0xa0 || code === 0xfeff || code === 0x3000) return space
  return Number.isNaN(code) || isForeignMark(code) ? mark : letter
}

/** Punctuation beyond ASCII. */
function isForeignMark(code: number): boolean {
  if (code < 0x100) return (code <= 0xbf && code !== 0xaa && code !== 0xba) || code === 0xd7 || code === 0xf7
  return (code >= 0x2000 && code <= 0x206f) || (code >= 0x3001 && code <= 0x303f) || (code >= 0xff00 && code <= 0xff0f)
}

/** 1,000.5 and 12:30 are one number each. */
function isInNumber(code: number): boolean {
  return code === 46 || code === 44 || code === colon
}

/** . ! ? : and the full stop of Chinese and Japanese. */
function isSentenceEnd(code: number): boolean {
  return code === 46 || code === 33 || code === 63 || code === colon || code === 0x3002
}

function isSpaceless(code: number): boolean {
  return (code >= 0x0e00 && code <= 0x0eff) || (code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff)
}

/** One step of a hash in the manner of FNV-1a, 32 bits. */
export function mixed(hash: number, by: number): number {
  return Math.imul(hash ^ by, 0x01000193) ^ (hash >>> 15)
}

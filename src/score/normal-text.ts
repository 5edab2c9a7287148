// A text without what a reader passes over: case, punctuation, white space, and which of its codes a character was written in.

import { normalForm } from './unicode.ts'

/** Letters, digits and symbols of meaning (%, $, +) as words with one space between; all of Unicode, by NFKC. */
export function normalText(text: string): string {
  return text.length > mostLength ? `${normal(text.slice(0, mostLength))}\n${text.slice(mostLength)}` : normal(text)
}

/** Characters beyond which a text stays as it is. */
const mostLength = 50_000

function normal(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase().replaceAll(passedOverAscii, ' ').trim()
  return normalForm(text, 'NFKC').toLowerCase().replaceAll(passedOver, ' ').trim()
}

// Signs that change what is said stay: −5 is not 5, and 1.5 is not 15.
const passedOver = /(?:[\s\p{Z}\p{C}"'`“”‘’„«»()[\]{}<>*_#~|!?;:,…·•–—]|\.(?!\p{N})|(?<!^|[\s(])-|-(?!\p{N}))+/gu
// The same where there is nothing but ASCII, at a third of the cost.
const passedOverAscii = /(?:[\s\p{Cc}"'`()[\]{}<>*_#~|!?;:,]|\.(?!\d)|(?<!^|[\s(])-|-(?!\d))+/gu
const isAscii = /^[\0-\x7f]*$/

/** 53 bits of a text, as a safe integer: the same text has the same number in every run (cyrb53). */
export function hashOf(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 4294967296 * (2097151 & low) + (high >>> 0)
}

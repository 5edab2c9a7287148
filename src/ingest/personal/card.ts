// Numbers of payment cards: of a network's prefix and length, with Luhn's check digit.

import type { Detector, Span } from './detector.ts'
import { isInBlob, opens, wordy } from './edges.ts'

/** Bare, or in groups as they are printed, with one sign between them. */
const candidate = new RegExp(
  String.raw`${opens}(?<![.,_-])(?:\d{14,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5})(?![${wordy}_-]|[.,]\d)`,
  'gu',
)

/** Visa, Mastercard, Mir, American Express, Diners Club, Discover, JCB, UnionPay. */
const network =
  /^(?:4\d{15}|5[1-5]\d{14}|2(?:2(?:2[1-9]|[3-9]\d)|[3-6]\d\d|7(?:[01]\d|20))\d{12}|220[0-4]\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|4[4-9]\d|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17})$/

export const card = {
  kind: 'card',
  plural: 'card numbers',
  needs: /\d{14}|\d{4}[ -]\d{4}[ -]\d{4}|\d{4}[ -]\d{6}/,
  find: (text) => {
    const spans: Span[] = []
    for (const { 0: found, index } of text.matchAll(candidate)) {
      const digits = found.replaceAll(/\D/g, '')
      const end = index + found.length
      if (isCardNumber(digits) && !isInBlob(text, index, end)) spans.push({ start: index, end, value: digits })
    }
    return spans
  },
} satisfies Detector

/** Whether these digits can be a card's. */
export function isCardNumber(digits: string): boolean {
  // One digit alone is a filler.
  return network.test(digits) && luhn(digits) % 10 === 0 && new Set(digits).size > 1
}

function luhn(digits: string): number {
  let sum = 0
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place])
    const doubled = digit * 2
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum
}

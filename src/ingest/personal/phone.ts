// Telephone numbers: `libphonenumber-js` tells whether one is in use anywhere, patterns tell where it is worth asking.

import { findPhoneNumbersInText, isValidPhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Detector, Span } from './detector.ts'
import { isInBlob, opens, wordy } from './edges.ts'

/** What the library lets stand between digits: its own list. */
const between = String.raw`[-x\u2010-\u2015\u2212\u30FC\uFF0D-\uFF0F\s\u00AD\u200B\u2060()（）．［］[\].\/~\u2053\u223C\uFF5E]`
const digit = '[\\d０-９٠-٩۰-۹]'
/** International, with its plus. Five digits: no number in use has fewer. */
const plus = new RegExp(String.raw`[+＋]${between}{0,4}${digit}(?:${between}{0,6}${digit}){4}`, 'g')
/** How far the library reads on from a plus. */
const reach = 80

/** North American, in the ways that people write it. Bare ten digits may be anything, and stay. */
const american = new RegExp(
  String.raw`(?:(?<=\\[nrt])|(?<![${wordy}.,/_+-]))(?:1[-. ])?(?:\([2-9]\d\d\) ?[2-9]\d\d[-. ]|[2-9]\d\d([-. ])[2-9]\d\d\1)\d{4}(?![${wordy}_/-]|[.,]\d)`,
  'gu',
)

/** International, as it is dialled: with zeros for the plus, and something behind the country's number. */
const dialled = new RegExp(
  String.raw`(?:(?<=\\[nrt])|(?<![${wordy}.,/_+-]))00([1-9]\d{0,2}[ /(]{1,2}(?:\d[-. ()/]{0,2}){5,11}\d)(?![${wordy}_-]|[.,]\d)`,
  'gu',
)

const called = String.raw`(?:(?:tele|cell|mobile)[ _-]?)?(?:phones?|mobile|whatsapp|call me|fax|tel|telefon|handy|téléphone|teléfono)`
/** Any country's, where a word before it says so; a date is none. */
const national = new RegExp(String.raw`(?!\d{4}-\d\d-\d\d)\(?\d(?:[-. ()/]{0,2}\d){6,14}(?![${wordy}_-])`, 'gu')
const told = new RegExp(
  String.raw`${opens}${called}(?:[ _-]?(?:number|no|nr|nummer))?(?:["'\\]{0,3}\s{0,3}[:=#.]\s{0,3}["'\\]{0,3}|\s(?:is|at|on|under):?\s|(?<=number|nummer)\s)$`,
  'iu',
)
/** The longest that `told` reads. */
const wordsBefore = 60

export const phone = {
  kind: 'phone',
  plural: 'phone numbers',
  needs: new RegExp(String.raw`${plus.source}|\d(?:[-. ()/]{0,2}\d){6}`),
  find: (text) => [...international(text), ...northAmerican(text), ...dialledIn(text), ...spokenOf(text)],
} satisfies Detector

function international(text: string): readonly Span[] {
  const spans: Span[] = []
  let [from, to] = [-1, -1]
  const ask = () => {
    if (from < 0) return
    for (const { number, startsAt, endsAt } of findPhoneNumbersInText(text.slice(from, to))) {
      const [start, end] = [from + startsAt + bracketOf(text.slice(from + startsAt, from + endsAt)), from + endsAt]
      // `a + 12345678901` is a sum.
      if (!/^\(?[+＋]\s/.test(text.slice(start, end)) && !isInBlob(text, start, end))
        spans.push({ start, end, value: number.number })
    }
  }
  for (const { 0: opening, index } of text.matchAll(plus)) {
    // One character before it counts: a letter there, and it is no number. The letter of an escape does not.
    const isEscaped = /\\[nrtbf]$/.test(text.slice(Math.max(0, index - 2), index))
    if (index > to || isEscaped) {
      ask()
      from = isEscaped ? index : Math.max(0, index - 2)
    }
    to = Math.max(index + reach, index + opening.length)
  }
  ask()
  return spans
}

/** The library takes a bracket before the plus for the number's, also where it closes behind the number. */
function bracketOf(number: string): number {
  return number.startsWith('(') && number.split('(').length > number.split(')').length ? 1 : 0
}

function northAmerican(text: string): readonly Span[] {
  const spans: Span[] = []
  for (const { 0: found, index } of text.matchAll(american)) {
    const end = index + found.length
    if (!isValidPhoneNumber(found, 'US') || isInBlob(text, index, end)) continue
    spans.push({ start: index, end, value: parsePhoneNumberFromString(found, 'US')?.number ?? found })
  }
  return spans
}

function dialledIn(text: string): readonly Span[] {
  const spans: Span[] = []
  for (const { 0: found, 1: rest = '', index } of text.matchAll(dialled)) {
    const number = parsePhoneNumberFromString(`+${rest}`)
    if (number?.isValid()) spans.push({ start: index, end: index + found.length, value: number.number })
  }
  return spans
}

function spokenOf(text: string): readonly Span[] {
  const spans: Span[] = []
  for (const { 0: number, index } of text.matchAll(national)) {
    if (!told.test(text.slice(Math.max(0, index - wordsBefore), index))) continue
    spans.push({ start: index, end: index + number.length, value: valueOf(number) })
  }
  return spans
}

/** Without a country, what its digits say; ten of them are read as North American, so that it is one number however written. */
function valueOf(number: string): string {
  const digits = number.replaceAll(/\D/g, '')
  return isValidPhoneNumber(digits, 'US') ? (parsePhoneNumberFromString(digits, 'US')?.number ?? digits) : digits
}

// Bank accounts by their IBAN: `ibantools` knows each country's length and form, and takes the number modulo 97.

import { getCountrySpecifications, isValidIBAN } from 'ibantools'
import type { Detector, Span } from './detector.ts'
import { isWordAt, opens } from './edges.ts'

const candidate = new RegExp(String.raw`${opens}[A-Za-z]{2}\d\d(?:[ -]?[A-Za-z0-9]){11,30}`, 'gu')
const countries = getCountrySpecifications()

export const iban = {
  kind: 'iban',
  plural: 'IBANs',
  needs: /\d\d(?:[ -]?[A-Za-z0-9]){11}/,
  find: (text) => {
    const spans: Span[] = []
    for (let match = candidate.exec(text); match !== null; match = candidate.exec(text)) {
      const { 0: found, index } = match
      const length = lettersUpTo(found, countries[found.slice(0, 2).toUpperCase()]?.chars ?? 0)
      const value = found.slice(0, length).replaceAll(/[ -]/g, '').toUpperCase()
      const end = index + length
      const isIban = length > 0 && isValidIBAN(value) && !isWordAt(text, end)
      if (isIban) spans.push({ start: index, end, value })
      // What followed was taken for its letters, and may be the next.
      candidate.lastIndex = isIban ? end : index + 1
    }
    return spans
  },
} satisfies Detector

/** How much of the text holds so many letters and digits; 0 where it has fewer. What follows may be words. */
function lettersUpTo(text: string, count: number): number {
  let seen = 0
  for (let place = 0; place < text.length; place += 1) {
    if (/[A-Za-z0-9]/.test(text[place] ?? '')) seen += 1
    if (seen === count) return place + 1
  }
  return 0
}

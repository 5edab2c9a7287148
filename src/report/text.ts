// Text of models and logs as reports show it: harmless, and in sentences with numbers that keep their units.

import { printable } from '../core/visible-text.ts'

export { type Cut, cut, hidden, oneLine, printable, shorten } from '../core/visible-text.ts'

/** As `printable`, for sentences: a number and the unit behind it stay on one line. */
export function sentence(text: string): string {
  return printable(text).replace(/(\d) (?=(?:%|pp|ms|s|×)(?!\w))/g, '$1\u00a0')
}

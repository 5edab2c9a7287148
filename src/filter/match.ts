// Whether a pair is one of those that a filter asks for.

import type { PairRow } from '../core/pair.ts'
import type { Term } from './parse.ts'
import type { ReviewState } from './words.ts'

/** What a filter looks at. */
export interface Filtered {
  readonly row: PairRow
  readonly review: ReviewState
  /** Request and answers, in lower case; null where nobody has read them yet: terms of text are then left out of account. */
  readonly text: string | null
}

export function matches(terms: readonly Term[], filtered: Filtered): boolean {
  return terms.every((term) => {
    const isMet = meets(term, filtered)
    return isMet === null || isMet !== term.isNegated
  })
}

/** Whether a filter needs the texts of pairs. */
export function needsText(terms: readonly Term[]): boolean {
  return terms.some(({ kind }) => kind === 'text')
}

/** null where it can't be told yet. */
function meets(term: Term, { row, review, text }: Filtered): boolean | null {
  switch (term.kind) {
    case 'state':
      return term.state.is(row, review)
    case 'number':
      return compares(term.number.of(row), term)
    case 'segment':
      return (Object.hasOwn(row.segments, term.key) ? row.segments[term.key] : '') === term.value
    case 'cluster':
      return row.cluster === term.id
    case 'pair':
      return row.recordId === term.id
    case 'text':
      return text === null ? null : text.includes(term.text.toLowerCase())
    default:
      return term satisfies never
  }
}

function compares(number: number | null, { sign, value }: Extract<Term, { kind: 'number' }>): boolean {
  if (number === null) return false
  switch (sign) {
    case '<':
      return number < value
    case '<=':
      return number <= value
    case '>':
      return number > value
    case '>=':
      return number >= value
    default:
      return sign satisfies never
  }
}

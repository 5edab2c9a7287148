// What a judge said of the pairs, and how far that can be trusted, as a sentence.

import type { JudgeSummary } from '../../core/judged.ts'
import { count, counted, percent } from '../format.ts'
import { oneLine } from '../text.ts'

/** Worse than this from one order to the other, and the judge goes by places. */
const leastAgreement = 0.8

/** Sentences; none where no judge was asked. */
export function judgeSentences(judge: JudgeSummary | null): readonly string[] {
  if (judge === null) return []
  const { pairs, preferred, agreed, byPlace, failed } = judge
  const name = `The judge${judge.model === null ? '' : ` (${oneLine(judge.model)})`}`
  const missing =
    failed === 0 ? [] : [`Of ${counted(failed, 'pair')} it said nothing that counts: they count for nobody.`]
  if (pairs === 0) return [`${name} said nothing of any pair.`, ...missing]
  const ties = pairs - preferred.production - preferred.candidate
  const places = byPlace.first + byPlace.second
  const bias = places === 0 ? '' : `, and went by the place alone in ${count(places)} (first: ${count(byPlace.first)})`
  const isShaky = agreed < leastAgreement * pairs
  return [
    `${name} prefers the candidate in ${count(preferred.candidate)} of ${counted(pairs, 'pair')}, production in ${count(preferred.production)}; ${count(ties)} are ties.`,
    `Asked in both orders it said the same in ${percent(agreed / pairs)}${bias}.${isShaky ? ' That is little: read its word with care.' : ''}`,
    ...missing,
  ]
}

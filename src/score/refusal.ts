// Whether a text refuses, fully or in part: English rules, then lectures, then the short lists of other languages.

import { englishRules } from './refusal/english.ts'
import { languages } from './refusal/languages.ts'
import { lectureIn, longestLecture } from './refusal/lecture.ts'
import type { RefusalKind, RefusalRule } from './refusal/rule.ts'

export interface Refusal {
  /** `full`: nothing of what was asked for is given. `partial`: something is, or what is given is something else. */
  readonly kind: RefusalKind | null
  /** Name of the rule that saw the refusal; null where none did. */
  readonly by: string | null
}

/** A refusal comes first: what stands further down is quoted, told or coded. Characters. */
const openingLength = 300
/** More than the opening, so that what is cut out of it does not leave it short. Characters. */
const rawOpeningLength = 4 * openingLength
/** So much text after "however, here is" is an answer, whatever the caveat before it. Characters. */
const answerLength = 300
/** So many lines of a list are steps, tips or places: something of substance. */
const listLines = 3

/** An answer. */
export const noRefusal: Refusal = { kind: null, by: null }

/**
 * Whether a text is a refusal. Not refusals: an apology before an answer, a lack of knowledge ("I couldn't find that
 * order"), words in quotations, code or letters, and an empty text.
 */
export function refusalOf(text: string): Refusal {
  const opening = openingOf(text.slice(0, rawOpeningLength))
  if (isProduct.test(opening)) return noRefusal
  const english = englishRefusal(text, opening)
  return english.kind === null && languages.trigger.test(opening) ? foreignRefusal(opening) : english
}

function englishRefusal(text: string, opening: string): Refusal {
  const isFirstPerson = firstPerson.test(opening)
  const rule = englishRules.find((each) => (isFirstPerson || each.isImpersonal) && isSeen(each, text, opening))
  if (rule !== undefined) return kindOf(rule, text)
  const lecture = text.length > longestLecture ? null : lectureIn(straight(text))
  return lecture === null ? noRefusal : { kind: 'full', by: lecture }
}

const firstPerson = /\b(?:I|we|my|our)\b/i

/** The whole opening is tested first: most rules see nothing there, and one test is cheaper than one a sentence. */
function isSeen({ pattern, beside, without }: RefusalRule, text: string, opening: string): boolean {
  return (
    pattern.test(opening) &&
    opening.split(/(?<=[.!?])\s+|\n+/).some((sentence) => pattern.test(sentence) && !isReported.test(sentence)) &&
    (beside?.test(opening) ?? true) &&
    !(without?.test(text) ?? false)
  )
}

function kindOf({ name, withSubstance = null, alone = 'full' }: RefusalRule, text: string): Refusal {
  const kind = hasSubstance(text) ? withSubstance : alone
  return kind === null ? noRefusal : { kind, by: name }
}

function foreignRefusal(opening: string): Refusal {
  const language = languages.all.find(({ declines }) => declines.some((each) => each.test(opening)))
  return language === undefined ? noRefusal : { kind: 'full', by: `declines in ${language.language}` }
}

/** What is handed over speaks for itself, not for the model: a letter, a translation, "Here is the reply:". */
const isProduct =
  /^(?:subject:|dear\b|ladies and gentlemen|translation\b|(?:sure|certainly|of course|absolutely|here(?:'s| is| are))\b[^.?\n]{0,120}:)/i

/** A character speaks. */
const isReported =
  /\b(?:he|she|they|it|the \w+|[A-Z][a-z]+) (?:said|replied|answered|whispered|sighed|muttered|wrote|told)\b|\b(?:said|replied|whispered|sighed|muttered) (?:the|he|she|[A-Z][a-z]+)\b/

const straight = (text: string) => text.replaceAll(/[‘’]/g, "'")

/** The opening with straight apostrophes, without code, quotations and marks of emphasis. */
function openingOf(raw: string): string {
  return straight(raw)
    .replaceAll(/```[^]*?(?:```|$)|`[^`\n]*`|"[^"\n]*"|“[^”\n]*”/g, ' ')
    .replaceAll(/[*_#>]+/g, '')
    .trim()
    .slice(0, openingLength)
}

const turn =
  /\b(?:but|however|that said|nevertheless|nonetheless|still|with that|instead)\b[^.\n]{0,80}\bhere(?:'s|’s| is| are)\b/i

function listLinesOf(text: string): number {
  return text.slice(0, 8000).match(/^ {0,8}(?:\d{1,3}[.)]|[-*•])\s/gm)?.length ?? 0
}

/** Whether the reply turns round after its caveat and gives an answer of some length. */
function hasSubstance(text: string): boolean {
  const found = turn.exec(text.slice(0, 4 * openingLength))
  if (found !== null && found.index < 2 * openingLength && text.length - found.index > answerLength) return true
  return /\bhere (?:are|is)\b/i.test(text.slice(0, 4 * openingLength)) && listLinesOf(text) >= listLines
}

// Two answers to one request → the kinds of change between them, and the template of the edit.

import type { AnsweredCall } from '../../core/types.ts'
import { mixed } from '../scan.ts'
import { sameText } from '../similarity.ts'
import { type ChangeKindName, changeKinds, tellingKind } from './kinds.ts'
import {
  type Answer,
  answerOf,
  callsTool,
  fenceOf,
  hasSameForm,
  hasSameToolCalls,
  hasSameWords,
  isCollapse,
  isCut,
  isJson,
  isOtherLanguage,
  isRefusal,
  repeatsItself,
  sharesWords,
} from './predicates.ts'

export interface ChangeBetween {
  /** A bit for each of `changeKinds`; 0 where nothing changed. */
  readonly mask: number
  /** 48 bits, the same for edits of one template; 0 where there is none. */
  readonly template: number
}

const bits = Object.fromEntries(changeKinds.map(({ name, bit }) => [name, 1 << bit])) as Record<ChangeKindName, number>

/** null where neither call was answered. */
export function changeBetween(production: AnsweredCall, candidate: AnsweredCall): ChangeBetween | null {
  const [before, after] = [answerOf(production), answerOf(candidate)]
  if (before === null && after === null) return null
  if (before === null || after === null)
    return { mask: after === null ? bits['no-answer'] : bits['answered-again'], template: 0 }
  const mask = maskOf(before, after)
  const kind = changeKinds[tellingKind(mask)]
  return { mask, template: kind === undefined ? 0 : templateOf(kind.isBack ? before : after) }
}

function maskOf(before: Answer, after: Answer): number {
  const isSame = before.text === after.text || sameText(before.text, after.text)
  const flips = flip(before, after, isCut, 'cut', 'no-longer-cut') | toolChange(before, after)
  // The same text is refused as often as before, unless the provider says something else of it.
  const refusal =
    isSame && before.reply.stop === after.reply.stop
      ? 0
      : flip(before, after, isRefusal, 'newly-refused', 'no-longer-refused')
  return flips | refusal | (isSame ? 0 : textChange(before, after))
}

function flip(
  before: Answer,
  after: Answer,
  is: (answer: Answer) => boolean,
  gained: ChangeKindName,
  lost: ChangeKindName,
): number {
  const [was, now] = [is(before), is(after)]
  if (was === now) return 0
  return bits[now ? gained : lost]
}

function toolChange(before: Answer, after: Answer): number {
  if (callsTool(before) && callsTool(after)) return hasSameToolCalls(before, after) ? 0 : bits['tool-calls-differ']
  return flip(before, after, callsTool, 'tool-call-new', 'tool-call-lost')
}

/** Of two texts that differ: exactly one of the last four, and whatever else is true; nothing of that where both refuse. */
function textChange(before: Answer, after: Answer): number {
  if (isRefusal(before) && isRefusal(after)) return bits['refused-otherwise']
  return (
    flip(before, after, isJson, 'json-mended', 'json-broken') |
    flip(before, after, repeatsItself, 'loops', 'no-longer-loops') |
    flip(before, after, (answer) => fenceOf(answer) !== null, 'fenced', 'unfenced') |
    (isOtherLanguage(before, after) ? bits.language : 0) |
    (isCollapse(before, after) ? bits.collapsed : 0) |
    (isCollapse(after, before) ? bits.grown : 0) |
    bits[wordChange(before, after)]
  )
}

function wordChange(before: Answer, after: Answer): 'reformatted' | 'value' | 'reworded' | 'rewritten' {
  if (hasSameWords(before, after)) return 'reformatted'
  if (hasSameForm(before, after)) return 'value'
  return sharesWords(before, after) ? 'reworded' : 'rewritten'
}

/** So much of a text's form makes its template: answers of one kind begin alike. */
const templateLength = 12

/**
 * What an answer has in common with others of its kind: how its form begins, where all values are placeholders; for an answer with
 * code fences, the first fence's language. Two hashes of 24 bits side by side.
 */
function templateOf(answer: Answer): number {
  const fence = fenceOf(answer)
  const parts =
    fence === null
      ? Array.from(answer.scan().form.subarray(0, templateLength))
      : Array.from(fence, (character) => character.charCodeAt(0))
  if (parts.length === 0 && fence === null) return 0
  const hash = (seed: number) => parts.reduce(mixed, mixed(seed, fence === null ? 1 : 2)) >>> 8
  return hash(0x811c9dc5) * 2 ** 24 + hash(0x2f0b4f1d) || 1
}

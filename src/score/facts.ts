// What several metrics ask of a reply: worked out once, however many ask, in however many comparisons.

import type { Json, Reply } from '../core/types.ts'
import { isDocument, jsonIn } from '../diff/json-text.ts'
import { haveCommonWords } from './common-words.ts'
import { isSameLanguage, type Told, tell } from './language.ts'
import { isLooping } from './loops.ts'
import { normalText } from './normal-text.ts'
import { noRefusal, type Refusal, refusalOf } from './refusal.ts'
import { givenText, oncePerReply } from './reply.ts'
import { type Scan, scan } from './scan.ts'

/** Of its text; undefined where that is none. */
export const jsonOf = oncePerReply(({ text }): Json | undefined => jsonIn(text))

/** Of what it gives, tool calls included. */
export const normalTextOf = oncePerReply((reply): string => normalText(givenText(reply)))

/** null where there is too little prose to tell its language by. */
const toldOf = oncePerReply(({ text }): Told | null => tell(text))

/** Of JSON it is nobody's: what its values say is data. */
export const refusalIn = oncePerReply(
  (reply): Refusal => (isDocument(jsonOf(reply)) ? noRefusal : refusalOf(reply.text)),
)

export const scanOf = oncePerReply(({ text }): Scan => scan(text.trim()))

export const isLoopingIn = oncePerReply((reply): boolean => isLooping(reply.text, scanOf(reply)))

/** Words of a text that says more than a name or a number. */
const fewestWords = 20

/** Whether two answers are in one language; null where that can't be told. Texts of the same words, half of them, need no look at either. */
export function areInOneLanguage(a: Reply, b: Reply): boolean | null {
  const [one, other] = [scanOf(a).words, scanOf(b).words]
  if (Math.min(one.length, other.length) >= fewestWords && haveCommonWords(one, other)) return true
  const [own, twin] = [toldOf(a), toldOf(b)]
  return own === null || twin === null ? null : isSameLanguage(own, twin)
}

// What several metrics ask of a reply: worked out once, however many ask, in however many comparisons.

import type { Json } from '../core/types.ts'
import { jsonIn } from './json-text.ts'
import { type Told, tell } from './language.ts'
import { isLooping } from './loops.ts'
import { normalText } from './normal-text.ts'
import { type Refusal, refusalOf } from './refusal.ts'
import { givenText, oncePerReply } from './reply.ts'
import { type Scan, scan } from './scan.ts'

/** Of its text; undefined where that is none. */
export const jsonOf = oncePerReply(({ text }): Json | undefined => jsonIn(text))

/** Of what it gives, tool calls included. */
export const normalTextOf = oncePerReply((reply): string => normalText(givenText(reply)))

/** null where there is too little prose to tell its language by. */
export const toldOf = oncePerReply(({ text }): Told | null => tell(text))

export const refusalIn = oncePerReply(({ text }): Refusal => refusalOf(text))

export const scanOf = oncePerReply(({ text }): Scan => scan(text.trim()))

export const isLoopingIn = oncePerReply((reply): boolean => isLooping(reply.text, scanOf(reply)))

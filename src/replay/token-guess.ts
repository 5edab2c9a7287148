// How many tokens a request will take, guessed before it is sent: input from its length, output from the answers so far.

import { estimateTokenCount } from 'tokenx'
import type { Usage } from '../core/types.ts'

export interface TokenGuess {
  /** Input and output of a request whose body is this JSON text. */
  readonly of: (body: string) => number
  /** An answer came, and this is what it took. */
  readonly learn: (usage: Usage) => void
}

/** Before any answer is there. */
const firstOutput = 256

/** A guess by `tokenx` (within some 10 % for prose, by its own account); the limits are charged the difference afterwards. */
export function createTokenGuess(): TokenGuess {
  let [answers, output] = [0, 0]
  return {
    of: (body) => estimateTokenCount(body) + (answers === 0 ? firstOutput : Math.ceil(output / answers)),
    learn: (usage) => {
      answers += 1
      output += usage.output
    },
  }
}

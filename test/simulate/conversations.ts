// Conversations of the design's kind: 1 to 20 turns, about 5, and a candidate whose effect differs from one to the next.

import type { Chance } from './chance.ts'
import type { Sides } from './measured.ts'

const longest = 20
/** Each further turn has this probability, but for the cut: 4.9 turns on average, as "20 (98)" and "1000 (4900)" say. */
const goesOn = 0.808

/** Share of the conversations that have exactly so many turns, from 1 on. */
const shares: readonly number[] = Array.from({ length: longest }, (_, place) =>
  place + 1 < longest ? (1 - goesOn) * goesOn ** place : goesOn ** place,
)

/** The mean over conversations of what depends on their length alone. */
export function meanByTurns(of: (turns: number) => number): number {
  return shares.reduce((sum, share, place) => sum + share * of(place + 1), 0)
}

/** The conversation of each pair: turns stand together, in the order of the run. */
export function drawConversations(chance: Chance, count: number): Int32Array {
  const pairs: number[] = []
  for (let conversation = 0; conversation < count; conversation++) {
    let turns = 1
    pairs.push(conversation)
    while (turns < longest && chance.happens(goesOn)) {
      pairs.push(conversation)
      turns++
    }
  }
  return Int32Array.from(pairs)
}

/** Standard deviations of the parts that ln of a measure is the sum of. */
export interface Parts {
  readonly conversation: number
  readonly request: number
  /** Each arm's own: by its conversations the candidate's effect varies. */
  readonly ownConversation: number
  readonly ownRequest: number
}

export function spreadOf(parts: Parts): number {
  return Math.hypot(...Object.values(parts))
}

/** Lognormal pairs of equal shape around 1 and `ratio`: length tells nothing of the effect, so every quantile has that ratio. */
export function drawTurns(
  chance: Chance,
  conversations: Int32Array,
  { parts, ratio }: { parts: Parts; ratio: number },
) {
  const { length } = conversations
  const [production, candidate] = [new Float64Array(length), new Float64Array(length)]
  let [last, shared, left, right] = [-1, 0, 0, 0]
  for (let place = 0; place < length; place++) {
    if (conversations[place] !== last) {
      last = conversations[place] ?? -1
      shared = parts.conversation * chance.normal()
      left = parts.ownConversation * chance.normal()
      right = parts.ownConversation * chance.normal()
    }
    const both = shared + parts.request * chance.normal()
    production[place] = Math.exp(both + left + parts.ownRequest * chance.normal())
    candidate[place] = ratio * Math.exp(both + right + parts.ownRequest * chance.normal())
  }
  return { production, candidate }
}

/** Half of the conversations are of the kind that the candidate refuses: 5 % of their turns, which is 2 points more in all. */
export function drawRefusals(chance: Chance, conversations: Int32Array): Sides {
  const { length } = conversations
  const [production, candidate] = [new Float64Array(length), new Float64Array(length)]
  let [last, candidateOnly] = [-1, 0]
  for (let place = 0; place < length; place++) {
    if (conversations[place] !== last) {
      last = conversations[place] ?? -1
      candidateOnly = chance.happens(0.5) ? 0.05 : 0
    }
    const draw = chance.unit()
    if (draw < 0.03 + candidateOnly) candidate[place] = 1
    if (draw < 0.03 || draw > 0.995) production[place] = 1
  }
  return { production, candidate }
}

const cachedShare = 0.9
const productionHits = 0.8
/** Some users think longer than a cache lives: their turns hit half as often. */
const slow = { share: 0.3, hits: 0.5 }

/** A prompt grows by a turn at a time, and its first turn finds no cache: this share of the tokens can be hits. */
const hittable =
  meanByTurns((turns) => (turns * (turns + 1)) / 2 - 1) / meanByTurns((turns) => (turns * (turns + 1)) / 2)

/** Cached tokens of the prompts, the candidate's rate being lower by `drop`. */
export function drawCache(chance: Chance, conversations: Int32Array, drop: number): Sides {
  const { length } = conversations
  const candidateHits = productionHits - drop / (cachedShare * hittable)
  const prompt = new Float64Array(length)
  const [production, candidate] = [new Float64Array(length), new Float64Array(length)]
  let [last, turn, base, speed] = [-1, 0, 0, 1]
  for (let place = 0; place < length; place++) {
    if (conversations[place] !== last) {
      last = conversations[place] ?? -1
      turn = 0
      base = 300 * Math.exp(0.6 * chance.normal())
      speed = chance.happens(slow.share) ? slow.hits : (1 - slow.share * slow.hits) / (1 - slow.share)
    }
    turn++
    prompt[place] = base * turn
    if (turn === 1) continue
    const cached = cachedShare * base * turn
    if (chance.happens(speed * productionHits)) production[place] = cached
    if (chance.happens(speed * candidateHits)) candidate[place] = cached
  }
  return { production, productionWeight: prompt, candidate, candidateWeight: prompt }
}

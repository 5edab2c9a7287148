// What one call gets: a recorded answer with the noise of a real model, drawn from nothing but seed, prompt and count.

import { createHash } from 'node:crypto'
import type { Answer, AnswerBook } from './answers.ts'

/** The nth call (`ask`, 0-based) of one prompt on the server that has this seed. */
export interface Call {
  readonly seed: string
  readonly prompt: string
  readonly ask: number
}

/** What one call gets. */
export interface ServedAnswer {
  readonly text: string
  readonly outputTokens: number
  readonly promptTokens: number
  /** Before the server's time scale. */
  readonly latencyMs: number
  readonly finishReason: 'stop' | 'length'
}

/** Share of calls that get the text recorded for their own prompt; the others get a sibling's, where there is one. */
const ownTextShare = 0.7

/** A latency is drawn from this many answers of similar length, its own among them. */
const latencyPeers = 10

/** Three independent numbers in [0, 1). A hash, so that calls may come in any order. */
function chances({ seed, prompt, ask }: Call): readonly [number, number, number] {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, prompt, ask]))
    .digest()
  const at = (place: number) => digest.readUInt32LE(4 * place) / 2 ** 32
  return [at(0), at(1), at(2)]
}

function pick<T>(items: readonly T[], chance: number): T | undefined {
  return items[Math.floor(chance * items.length)]
}

/** The next shorter or the next longer sibling; undefined for an answer that stands alone. */
function sibling(book: AnswerBook, own: Answer, chance: number): Answer | undefined {
  const group = book.siblings.get(own) ?? []
  const rank = group.indexOf(own)
  return pick(
    [group[rank - 1], group[rank + 1]].filter((answer) => answer !== undefined),
    chance,
  )
}

/** The time a token took in an answer of the same task and similar length. */
function msPerToken(book: AnswerBook, answer: Answer, chance: number): number {
  const peers = book.peers.get(answer) ?? [answer]
  const start = Math.min(peers.indexOf(answer) - latencyPeers / 2, peers.length - latencyPeers)
  const from = Math.max(0, start)
  const peer = pick(peers.slice(from, from + latencyPeers), chance) ?? answer
  return peer.latencyMs / peer.outputTokens
}

const numbersOf = (prompt: string) => (prompt.match(/\d+/g) ?? []).map(Number)

/**
 * A sibling's text with its question's numbers replaced by this question's. The numbers between the ends of a range
 * move with its start; what was worked out of them (squares, roots, divisors) stays the sibling's.
 */
export function retold(theirs: Answer, own: Answer): string {
  if (theirs.task === 'sensitive') return theirs.text
  const [from, to] = [numbersOf(theirs.prompt), numbersOf(own.prompt)]
  const replaced = new Map<string, number>()
  if (own.task === 'happy-numbers') {
    const [start = 0, end = 0] = from
    for (let number = start; number < end; number++) replaced.set(`${number}`, (to[0] ?? 0) + number - start)
  }
  for (const [place, number] of from.entries()) replaced.set(`${number}`, to[place] ?? number)
  return theirs.text.replace(/\d+/g, (found) => `${replaced.get(found) ?? found}`)
}

/** What this call gets; null for a prompt that the model was never asked. */
export function draw(book: AnswerBook, call: Call): ServedAnswer | null {
  const own = book.byPrompt.get(call.prompt)
  if (own === undefined) return null
  const [forText, forSibling, forLatency] = chances(call)
  const source = forText < ownTextShare ? own : (sibling(book, own, forSibling) ?? own)
  return {
    text: source === own ? own.text : retold(source, own),
    outputTokens: source.outputTokens,
    promptTokens: own.promptTokens,
    latencyMs: msPerToken(book, source, forLatency) * source.outputTokens,
    finishReason: source.finishReason,
  }
}

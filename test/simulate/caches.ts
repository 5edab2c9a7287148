// Prompt caches of a rollout: what the share of users does to how warm they are.

import type { Chance } from './chance.ts'

export interface Traffic {
  /** Requests of everybody, in a second. */
  readonly perSecond: number
  /** Share of users on the candidate, and in the control. */
  readonly share: number
}

/** Shares of requests whose opening was cached. */
export interface HitRates {
  readonly candidate: number
  /** Of a control that shares production's cache, and of one that has its own. */
  readonly shared: number
  readonly own: number
}

/** System prompts, the n-th of them asked 1/n as often as the first. */
const prompts = 200
/** As long as providers keep one that nobody asks for. */
const keptSeconds = 300
/** Of each: enough of the candidate's requests at the smallest share. */
const requests = 40_000

/** Requests come at any moment, alike. An opening that is asked for is kept for another five minutes. */
export function hitRates(chance: Chance, { perSecond, share }: Traffic): HitRates {
  const pick = zipf(chance)
  const caches = { production: createCache(), candidate: createCache(), own: createCache() }
  let now = 0
  for (let request = 0; request < requests; request++) {
    now -= Math.log(1 - chance.unit()) / perSecond
    const prompt = pick()
    const at = chance.unit()
    if (at < share) caches.candidate.ask(prompt, now)
    // The others are production's, and so is a control that has no cache of its own.
    else caches.production.ask(prompt, now)
    if (at >= 1 - share) caches.own.ask(prompt, now)
  }
  return { candidate: caches.candidate.rate(), shared: caches.production.rate(), own: caches.own.rate() }
}

function createCache() {
  const askedAt = new Float64Array(prompts).fill(-Infinity)
  let [asked, hits] = [0, 0]
  return {
    ask: (prompt: number, now: number) => {
      asked++
      if (now - (askedAt[prompt] ?? 0) <= keptSeconds) hits++
      askedAt[prompt] = now
    },
    rate: () => hits / Math.max(1, asked),
  }
}

function zipf(chance: Chance): () => number {
  const upTo = new Float64Array(prompts)
  let whole = 0
  for (let n = 0; n < prompts; n++) upTo[n] = whole += 1 / (n + 1)
  return () => {
    const wanted = chance.unit() * whole
    return upTo.findIndex((sum) => sum >= wanted)
  }
}

// Which of an arm's targets is asked: the user's own as long as it has room, else the one with least to do.

import { createHash } from 'node:crypto'

/** `first`: what lives at one target alone, as a file that was uploaded there. `any`: nobody's key is on it. */
export type Leaning = { readonly user: string } | 'first' | 'any'

export interface Balance {
  /**
   * `load`: requests in flight there; null where it can't be asked. Gives the target's index; null where none can be asked.
   */
  readonly pick: (load: (target: number) => number | null, leaning: Leaning) => number | null
}

export interface Balanced {
  readonly name: string
  /** Beside the others'; above 0. */
  readonly weight: number
}

/** A user's own target carries at most this much of its share; beyond, the next one helps out. */
const spread = 1.5

/**
 * Users stay with one target, since the beginning of their prompts is cached there: dealt out at random, an arm of three targets would
 * look as if its cache were worse than the other arm's. By rendezvous hashing with weights: no state, the same in each replica, and when
 * a target is down its users alone move; with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2018), so that a user who is half of the
 * traffic does not drown one. Others go where least is in flight for the weight: answers last from a second to minutes, and taking
 * turns would pile the long ones up at a slow target.
 */
export function createBalance(targets: readonly Balanced[]): Balance {
  const turns = targets.map(() => 0)
  let now = 0

  function leastLoaded(load: (target: number) => number | null): number | null {
    let best: { readonly target: number; readonly filled: number; readonly turn: number } | null = null
    for (const [target, { weight }] of targets.entries()) {
      const inFlight = load(target)
      if (inFlight === null) continue
      const filled = (inFlight + 1) / weight
      // One that was away has no turns to make up for.
      const turn = Math.max(turns[target] ?? 0, now)
      if (best === null || filled < best.filled || (filled === best.filled && turn < best.turn))
        best = { target, filled, turn }
    }
    if (best === null) return null
    now = best.turn
    turns[best.target] = best.turn + 1 / (targets[best.target]?.weight ?? 1)
    return best.target
  }

  function ownOf(user: string, load: (target: number) => number | null): number | null {
    const usable = targets.flatMap(({ name, weight }, target) => {
      const inFlight = load(target)
      return inFlight === null ? [] : [{ target, weight, inFlight, rank: -Math.log(drawn(user, name)) / weight }]
    })
    const inFlight = usable.reduce((sum, each) => sum + each.inFlight, 0)
    const weights = usable.reduce((sum, { weight }) => sum + weight, 0)
    const found = usable
      .toSorted((a, b) => a.rank - b.rank)
      .find((each) => each.inFlight + 1 <= Math.ceil((spread * (inFlight + 1) * each.weight) / weights))
    return found?.target ?? leastLoaded(load)
  }

  return {
    pick: (load, leaning) => {
      if (targets.length === 1) return load(0) === null ? null : 0
      if (leaning === 'any') return leastLoaded(load)
      if (leaning !== 'first') return ownOf(leaning.user, load)
      const first = targets.findIndex((_, target) => load(target) !== null)
      return first < 0 ? null : first
    },
  }
}

/** In (0, 1], the same for the same two names everywhere. */
function drawn(user: string, target: string): number {
  const digest = createHash('sha256').update(target).update('\u0000').update(user).digest()
  return (digest.readUIntBE(0, 6) + 1) / 2 ** 48
}

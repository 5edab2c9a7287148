// Calls inside calls: an agent's generation around its model's is the same call seen from further out.

import { createHash } from 'node:crypto'
import type { LogEntry, Place } from './log-format.ts'

/** The farthest that is looked up for a call around another; a circle of parents ends there too. */
const maxSteps = 200

interface Node {
  readonly parent: number | null
  readonly isCall: boolean
  /** Whether its request can be replayed. */
  readonly isReadable: boolean
}

/**
 * Learns the places of all entries, and says which calls are not the ones that count. The innermost calls are; where the
 * only one inside another cannot be read (some tracers flatten its messages), the outer one stands in for it. Holds about
 * 100 bytes for an entry.
 */
export function createNesting() {
  const nodes = new Map<number, Node>()

  const around = (node: Node): number | null => {
    let above = node.parent
    for (let step = 0; above !== null && step < maxSteps; step += 1) {
      const next = nodes.get(above)
      if (next?.isCall === true) return above
      above = next?.parent ?? null
    }
    return null
  }
  const innerCalls = () => {
    const inner = new Map<number, number[]>()
    for (const [name, node] of nodes) {
      const outer = node.isCall ? around(node) : null
      if (outer === null) continue
      const beside = inner.get(outer)
      if (beside === undefined) inner.set(outer, [name])
      else beside.push(name)
    }
    return inner
  }

  return {
    add: (entry: LogEntry): void => {
      if (entry.place === undefined) return
      const { id, parent } = entry.place
      const isReadable = entry.kind === 'whole' && entry.exchange.damage?.fidelity !== 'metadata-only'
      nodes.set(nameOf(id), {
        parent: parent === null ? null : nameOf(parent),
        isCall: entry.kind !== 'left-out',
        isReadable,
      })
    },
    /** Once all entries are known: whether the one at this place is another call's outside, or its unreadable inside. */
    superseded: (): ((place: Place) => boolean) => {
      const inner = innerCalls()
      const gone = new Set<number>()
      /** Whether a call that can be read came of it. `depth` bounds a circle. */
      const settle = (name: number, depth: number): boolean => {
        const within = inner.get(name) ?? []
        const isReadableWithin = within.map((each) => depth < maxSteps && settle(each, depth + 1)).some(Boolean)
        const isReadable = nodes.get(name)?.isReadable === true
        if (within.length === 0) return isReadable
        if (isReadableWithin || within.length > 1) {
          gone.add(name)
          return isReadableWithin
        }
        for (const each of within) gone.add(each)
        return isReadable
      }
      const isInside = new Set([...inner.values()].flat())
      for (const name of inner.keys()) if (!isInside.has(name)) settle(name, 0)
      return ({ id }) => gone.has(nameOf(id))
    },
  }
}

/** 48 bits of a hash: of a million ids two are alike once in five hundred logs. */
function nameOf(id: string): number {
  return createHash('sha1').update(id).digest().readUIntBE(0, 6)
}

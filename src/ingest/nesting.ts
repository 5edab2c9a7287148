// Calls inside calls: an agent's generation around its model's is the same call seen from further out.

import { createHash } from 'node:crypto'
import type { LogEntry, LogFormat, Place } from './log-format.ts'

interface Node {
  readonly parent: number | null
  readonly isCall: boolean
  /** Whether its request can be replayed. */
  readonly isReadable: boolean
}

/** What is left of a call and of all inside it. */
interface Left {
  readonly calls: readonly number[]
  readonly isReadable: boolean
}

/**
 * Learns the places of all entries, and says which calls are not the ones that count. The innermost calls are; where the
 * only one inside another cannot be read (some tracers flatten its messages), the outer one stands in for it. The order
 * in which entries come does not matter. Holds about 100 bytes for an entry.
 */
export function createNesting() {
  const nodes = new Map<number, Node>()

  /** The calls next inside each call, and those inside none. */
  const tree = () => {
    const around = callsAround(nodes)
    const inner = new Map<number, number[]>()
    const outermost: number[] = []
    for (const [name, { isCall }] of nodes) {
      if (!isCall) continue
      const outer = around.get(name) ?? null
      const beside = outer === null ? outermost : inner.get(outer)
      if (beside !== undefined) beside.push(name)
      else if (outer !== null) inner.set(outer, [name])
    }
    return { inner, outermost }
  }

  return {
    /** The format makes a call of a row that came alone: so much of it can be read at least. */
    add: (entry: LogEntry, format: LogFormat | null = null): void => {
      if (entry.place === undefined || (!isOfCall(entry) && entry.kind !== 'left-out')) return
      const { id, parent } = entry.place
      const name = nameOf(id)
      const known = nodes.get(name)
      const isReadable =
        isReadableEntry(entry) || (entry.kind === 'row' && isReadableEntry(format?.assemble?.([entry.row])))
      nodes.set(name, {
        // A call's rows need not all say where it stands.
        parent: parent === null ? (known?.parent ?? null) : nameOf(parent),
        isCall: isOfCall(entry) || known?.isCall === true,
        isReadable: isReadable || known?.isReadable === true,
      })
    },
    /** Once all entries are known: whether the one at this place is another call's outside, or its unreadable inside. */
    superseded: (): ((place: Place) => boolean) => {
      const { inner, outermost } = tree()
      const left = new Map<number, Left>()
      const gone = new Set<number>()
      for (const name of outsideIn(outermost, inner).toReversed()) {
        const within = (inner.get(name) ?? []).flatMap((each) => left.get(each) ?? [])
        const calls = within.flatMap((each) => each.calls)
        const isReadableWithin = within.some((each) => each.isReadable)
        if (isReadableWithin || calls.length > 1) {
          gone.add(name)
          left.set(name, { calls, isReadable: isReadableWithin })
        } else {
          for (const each of calls) gone.add(each)
          left.set(name, { calls: [name], isReadable: nodes.get(name)?.isReadable === true })
        }
      }
      return ({ id }) => gone.has(nameOf(id))
    },
  }
}

/** The same for the entries of one line alone: for what cannot be read twice. */
export function supersededWithin(entries: readonly LogEntry[], format: LogFormat | null): (place: Place) => boolean {
  const nesting = createNesting()
  for (const entry of entries) nesting.add(entry, format)
  return nesting.superseded()
}

function isOfCall({ kind }: LogEntry): boolean {
  return kind === 'whole' || kind === 'half' || kind === 'row'
}

function isReadableEntry(entry: LogEntry | undefined): boolean {
  return entry?.kind === 'whole' && entry.exchange.damage?.fidelity !== 'metadata-only'
}

/** The next call around each entry. Who stands in a circle of parents has nobody around it. */
function callsAround(nodes: ReadonlyMap<number, Node>): ReadonlyMap<number, number | null> {
  const around = new Map<number, number | null>()
  for (const start of nodes.keys()) {
    const path = new Set<number>()
    let at: number | null = start
    while (at !== null && nodes.has(at) && !around.has(at) && !path.has(at)) {
      path.add(at)
      at = nodes.get(at)?.parent ?? null
    }
    const circleStart = at !== null && path.has(at) ? [...path].indexOf(at) : path.size
    for (const [step, name] of [...[...path].entries()].toReversed()) {
      const parent = step < circleStart ? (nodes.get(name)?.parent ?? null) : null
      const isInCall = parent !== null && nodes.get(parent)?.isCall === true
      around.set(name, isInCall || parent === null ? parent : (around.get(parent) ?? null))
    }
  }
  return around
}

/** Every call before those inside it. */
function outsideIn(outermost: readonly number[], inner: ReadonlyMap<number, readonly number[]>): readonly number[] {
  const order = [...outermost]
  for (let at = 0; at < order.length; at += 1) {
    const name = order[at]
    if (name !== undefined) order.push(...(inner.get(name) ?? []))
  }
  return order
}

/** 48 bits of a hash: of a million ids two are alike once in five hundred logs. */
function nameOf(id: string): number {
  return createHash('sha1').update(id).digest().readUIntBE(0, 6)
}

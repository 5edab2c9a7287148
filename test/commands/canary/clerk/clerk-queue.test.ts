// What waits for the clerk is bounded, stays in order, and what is left out is counted.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pieceBytes, unpacked } from '../../../../src/canary/served/pack.ts'
import type { Served } from '../../../../src/canary/served/served.ts'
import { createClerkQueue, type Parcel } from '../../../../src/commands/canary/clerk/clerk-queue.ts'

function servedOf(id: string, bytes: number): Served {
  return {
    id,
    atMs: 0,
    api: 'openai-chat',
    path: '/',
    servedBy: 'production',
    isUnseen: false,
    segments: {},
    request: new Uint8Array(bytes),
    status: 200,
    headers: {},
    answer: new Uint8Array(),
    isCut: false,
    pieces: new Float64Array(),
    headersMs: 1,
    totalMs: 1,
    failure: null,
    arm: 'production',
    group: 'control',
    user: 'u',
    reason: 'user',
    isCopied: false,
  }
}

function startQueue(limits: { mostBytes?: number; mostHandedOver?: number } = {}) {
  const parcels: Parcel[] = []
  const queue = createClerkQueue({
    handOver: (parcel) => parcels.push(parcel),
    mostBytes: 100 * pieceBytes,
    mostHandedOver: 2 * pieceBytes,
    ...limits,
  })
  const ids = () => parcels.flatMap((parcel) => [...unpacked(parcel)].map(({ id }) => id))
  return { queue, parcels, ids }
}

/** So large that each fills a parcel. */
const fill = (queue: { serve: (served: Served) => void }, count: number) => {
  for (let at = 0; at < count; at++) queue.serve(servedOf(String(at), pieceBytes))
}

describe('what waits for the clerk', () => {
  it('goes at the next tick where the clerk has nothing to do', () => {
    const { queue, parcels, ids } = startQueue()
    queue.serve(servedOf('a', 10))
    queue.serve(servedOf('b', 10))
    expect(parcels).toHaveLength(0)
    queue.tick()
    expect(ids()).toEqual(['a', 'b'])
    queue.tick()
    expect(parcels).toHaveLength(1)
  })

  it('gathers while the clerk still reads', () => {
    const { queue, parcels, ids } = startQueue()
    queue.serve(servedOf('a', 10))
    queue.tick()
    queue.serve(servedOf('b', 10))
    queue.tick()
    expect(parcels).toHaveLength(1)
    queue.read(parcels[0]?.memory.byteLength ?? 0)
    queue.tick()
    expect(ids()).toEqual(['a', 'b'])
  })

  it('is handed over no further than it is read, so that a question of the ramp is soon heard', () => {
    const { queue, parcels, ids } = startQueue()
    fill(queue, 10)
    const before = parcels.length
    expect(before).toBeLessThan(4)
    queue.read(parcels[0]?.memory.byteLength ?? 0)
    expect(parcels).toHaveLength(before + 1)
    queue.handOverAll()
    expect(ids()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
  })

  it('goes as far as there is room where the clerk is asked what it has seen, and no further', () => {
    const { queue, parcels, ids } = startQueue()
    queue.serve(servedOf('a', 10))
    queue.tick()
    queue.serve(servedOf('b', 10))
    queue.offer()
    expect(ids()).toEqual(['a', 'b'])
    fill(queue, 10)
    const before = parcels.length
    queue.offer()
    expect(parcels).toHaveLength(before)
  })

  it('lets a question wait for what was here when it was asked, and for nothing that came later', () => {
    const { queue, parcels, ids } = startQueue()
    const known: string[][] = []
    queue.serve(servedOf('a', 10))
    queue.whenHandedOver(() => known.push(ids()))
    expect(known).toEqual([['a']])
    fill(queue, 5)
    queue.whenHandedOver(() => known.push(ids()))
    queue.serve(servedOf('later', 10))
    expect(known).toHaveLength(1)
    for (let at = 0; at < parcels.length; at++) queue.read(parcels[at]?.memory.byteLength ?? 0)
    expect(known.slice(1)).toEqual([['a', '0', '1', '2', '3', '4']])
  })

  it('waits while the clerk is gone, and what went with it is counted', () => {
    const { queue, parcels, ids } = startQueue()
    queue.serve(servedOf('read', 10))
    queue.tick()
    queue.read(parcels[0]?.memory.byteLength ?? 0)
    queue.serve(servedOf('lost', 10))
    queue.rate({ feedback: { id: 'read', score: 1 }, at: 'now' })
    queue.tick()
    queue.lose()
    expect(queue.unread()).toBe(2)
    queue.serve(servedOf('kept', 10))
    queue.tick()
    queue.offer()
    expect(ids()).toEqual(['read', 'lost'])
    queue.resume()
    queue.tick()
    expect(ids()).toEqual(['read', 'lost', 'kept'])
    expect(queue.unread()).toBe(2)
  })

  it('is given up where the clerk is gone for good: all of it is counted, and no memory is kept', () => {
    const { queue, ids } = startQueue()
    fill(queue, 5)
    queue.lose()
    queue.serve(servedOf('waits', 10))
    queue.rate({ feedback: { id: 'waits', score: 1 }, at: 'now' })
    const had = ids().length
    queue.end()
    expect([queue.unread(), queue.waiting()]).toEqual([7, 0])
    queue.serve(servedOf('later', 10))
    queue.rate({ feedback: { id: 'later', score: 1 }, at: 'later' })
    expect([queue.unread(), queue.waiting()]).toEqual([9, 0])
    queue.handOverAll()
    expect(ids()).toHaveLength(had)
  })

  it('counts what is handed over and unread: beyond the bound it is left out, and counted', () => {
    const { queue, parcels, ids } = startQueue({ mostBytes: 5 * pieceBytes, mostHandedOver: 100 * pieceBytes })
    fill(queue, 10)
    queue.handOverAll()
    expect(queue.unread()).toBeGreaterThan(4)
    expect(ids().length + queue.unread()).toBe(10)
    for (const { memory } of parcels) queue.read(memory.byteLength)
    expect(queue.waiting()).toBe(0)
    queue.serve(servedOf('later', 10))
    queue.tick()
    expect(ids().at(-1)).toBe('later')
  })

  it('has opinions behind the answers that they are about', () => {
    const { queue, parcels } = startQueue()
    queue.serve(servedOf('a', 10))
    queue.rate({ feedback: { id: 'a', score: 1 }, at: 'now' })
    queue.tick()
    queue.rate({ feedback: { id: 'a', score: 0 }, at: 'later' })
    queue.handOverAll()
    expect(parcels.map(({ opinions }) => opinions.map(({ at }) => at))).toEqual([['now'], ['later']])
  })

  it('is neither lost nor moved nor more than the bound, whatever comes when', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('serve' as const), bytes: fc.integer({ min: 0, max: pieceBytes }) }),
      fc.constantFrom({ kind: 'tick' as const }, { kind: 'read' as const }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const mostBytes = 6 * pieceBytes
        const { queue, parcels, ids } = startQueue({ mostBytes })
        const kept: string[] = []
        let isRead = 0
        for (const [at, each] of steps.entries()) {
          if (each.kind === 'tick') queue.tick()
          else if (each.kind === 'read') {
            const next = parcels[isRead]
            if (next === undefined) continue
            isRead++
            queue.read(next.memory.byteLength)
          } else {
            const before = queue.unread()
            queue.serve(servedOf(String(at), each.bytes))
            if (queue.unread() === before) kept.push(String(at))
          }
          // A parcel that is not full weighs as much as one that is.
          expect(queue.waiting()).toBeLessThanOrEqual(mostBytes + 2 * pieceBytes)
        }
        queue.handOverAll()
        expect(ids()).toEqual(kept)
      }),
    )
  })
})

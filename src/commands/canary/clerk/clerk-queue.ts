// What waits for the clerk: bounded in memory, in order, and handed over no faster than it is read.

import type { Feedback } from '../../../canary/proxy/feedback.ts'
import { createPacking, type Packed } from '../../../canary/served/pack.ts'
import type { Served } from '../../../canary/served/served.ts'
import type { Instant } from '../../../core/types.ts'

/** What a user thought of an answer, and when that came. */
export interface Rated {
  readonly feedback: Feedback
  readonly at: Instant
}

export interface Parcel extends Packed {
  /** Of answers that are in it or were in one before. */
  readonly opinions: readonly Rated[]
}

export interface QueueOptions {
  readonly handOver: (parcel: Parcel) => void
  /** Bytes that wait at most, handed over and unread ones included: beyond, requests are served and not read. */
  readonly mostBytes: number
  /** Bytes handed over and unread at most: what is asked of the clerk out of turn waits behind no more than these. */
  readonly mostHandedOver: number
}

export interface ClerkQueue {
  readonly serve: (served: Served) => void
  readonly rate: (rated: Rated) => void
  /** The clerk has read a parcel of so many bytes. */
  readonly read: (bytes: number) => void
  /** Now and then: a parcel that is not full goes where the clerk has nothing to do. */
  readonly tick: () => void
  /** A parcel that is not full goes where there is room for it: the clerk is asked what it has seen. */
  readonly offer: () => void
  /** Everything, whether the clerk keeps up or not: what is told next is about what comes after. */
  readonly handOverAll: () => void
  /** Bytes that are not read yet. */
  readonly waiting: () => number
  /** Requests and opinions that were left out. */
  readonly unread: () => number
}

/** What an opinion is taken to weigh. */
const opinionBytes = 256

export function createClerkQueue({ handOver, mostBytes, mostHandedOver }: QueueOptions): ClerkQueue {
  const packing = createPacking()
  const parcels: Parcel[] = []
  let opinions: Rated[] = []
  // Of the piece that is being filled, of full ones that wait, and of those that the clerk has.
  let [open, queued, handedOver, unread] = [0, 0, 0, 0]
  const waiting = () => open + queued + handedOver
  const hasRoom = () => handedOver < mostHandedOver
  const give = (parcel: Parcel) => {
    handedOver += parcel.memory.byteLength
    handOver(parcel)
  }
  const put = (packed: Packed) => {
    const parcel = { ...packed, opinions }
    opinions = []
    open = 0
    if (parcels.length === 0 && hasRoom()) return give(parcel)
    queued += parcel.memory.byteLength
    parcels.push(parcel)
  }
  const putOpen = () => {
    const packed = packing.take()
    if (packed !== null) put(packed)
    else if (opinions.length > 0) put({ memory: new ArrayBuffer(0), bytes: 0 })
  }
  const next = () => {
    const parcel = parcels.shift()
    if (parcel === undefined) return
    queued -= parcel.memory.byteLength
    give(parcel)
  }
  return {
    serve: (served) => {
      const bytes = served.request.length + served.answer.length + served.pieces.byteLength
      if (waiting() + bytes > mostBytes) {
        unread++
        return
      }
      const full = packing.add(served)
      if (full !== null) put(full)
      open += bytes
    },
    rate: (rated) => {
      if (waiting() + opinionBytes > mostBytes) {
        unread++
        return
      }
      opinions.push(rated)
      open += opinionBytes
    },
    read: (bytes) => {
      handedOver -= bytes
      while (parcels.length > 0 && hasRoom()) next()
    },
    tick: () => {
      if (handedOver === 0) putOpen()
    },
    offer: () => {
      if (parcels.length === 0 && hasRoom()) putOpen()
    },
    handOverAll: () => {
      putOpen()
      while (parcels.length > 0) next()
    },
    waiting,
    unread: () => unread,
  }
}

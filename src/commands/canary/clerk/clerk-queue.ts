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
  /** Calls once all that is here now is handed over, which may be at once: what is asked of the clerk then is asked of all that. */
  readonly whenHandedOver: (then: () => void) => void
  /** The clerk is gone, with what it had and had not read: that is counted as left out, and the rest waits until `resume`. */
  readonly lose: () => void
  readonly resume: () => void
  /** The clerk is gone for good: all that it has not read is left out, from now on too, and nothing is kept. */
  readonly end: () => void
  /** Bytes that are not read yet. */
  readonly waiting: () => number
  /** Requests and opinions that were left out. */
  readonly unread: () => number
}

interface Counted {
  readonly parcel: Parcel
  /** Requests and opinions in it. */
  readonly holds: number
}

/** What an opinion is taken to weigh. */
const opinionBytes = 256

export function createClerkQueue({ handOver, mostBytes, mostHandedOver }: QueueOptions): ClerkQueue {
  const packing = createPacking()
  /** Parcels, and between them who waits for those before. */
  const line: (Counted | (() => void))[] = []
  /** How much each parcel holds that the clerk has, in the order in which it reads. */
  let given: number[] = []
  let opinions: Rated[] = []
  let [filled, isThere, isOver] = [0, true, false]
  // Of the piece that is being filled, of full ones that wait, and of those that the clerk has.
  let [open, queued, handedOver, unread] = [0, 0, 0, 0]
  const waiting = () => open + queued + handedOver
  const hasRoom = () => isThere && handedOver < mostHandedOver
  const give = ({ parcel, holds }: Counted) => {
    handedOver += parcel.memory.byteLength
    given.push(holds)
    handOver(parcel)
  }
  const put = (packed: Packed) => {
    const counted = { parcel: { ...packed, opinions }, holds: filled }
    opinions = []
    open = filled = 0
    if (line.length === 0 && hasRoom()) return give(counted)
    queued += packed.memory.byteLength
    line.push(counted)
  }
  const putOpen = () => {
    const packed = packing.take()
    if (packed !== null) put(packed)
    else if (opinions.length > 0) put({ memory: new ArrayBuffer(0), bytes: 0 })
  }
  const next = () => {
    const first = line.shift()
    if (first === undefined) return
    if (typeof first === 'function') return first()
    queued -= first.parcel.memory.byteLength
    give(first)
  }
  const lose = () => {
    isThere = false
    unread += given.reduce((sum, holds) => sum + holds, 0)
    given = []
    handedOver = 0
  }
  return {
    serve: (served) => {
      const bytes = served.request.length + served.answer.length + served.pieces.byteLength
      if (isOver || waiting() + bytes > mostBytes) {
        unread++
        return
      }
      const full = packing.add(served)
      if (full !== null) put(full)
      open += bytes
      filled++
    },
    rate: (rated) => {
      if (isOver || waiting() + opinionBytes > mostBytes) {
        unread++
        return
      }
      opinions.push(rated)
      open += opinionBytes
      filled++
    },
    read: (bytes) => {
      handedOver -= bytes
      given.shift()
      while (line.length > 0 && hasRoom()) next()
    },
    tick: () => {
      if (handedOver === 0 && isThere) putOpen()
    },
    offer: () => {
      if (line.length === 0 && hasRoom()) putOpen()
    },
    handOverAll: () => {
      putOpen()
      while (line.length > 0) next()
    },
    whenHandedOver: (then) => {
      putOpen()
      if (line.length === 0) then()
      else line.push(then)
    },
    lose,
    resume: () => {
      isThere = true
    },
    end: () => {
      lose()
      isOver = true
      unread += line.reduce((sum, each) => sum + (typeof each === 'function' ? 0 : each.holds), filled)
      line.length = 0
      packing.take()
      opinions = []
      open = queued = filled = 0
    },
    waiting,
    unread: () => unread,
  }
}

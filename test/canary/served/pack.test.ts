// What is packed is what comes out, in any mixture and size.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPacking, type Packed, pieceBytes, unpacked } from '../../../src/canary/served/pack.ts'
import type { Served } from '../../../src/canary/served/served.ts'
import { plainServed } from '../../support/served-request.ts'

const plain = { ...plainServed, atMs: 1.5 }

const text = fc.string({ unit: 'binary', maxLength: 50 })
const bytes = fc.uint8Array({ maxLength: 300 })
const served: fc.Arbitrary<Served> = fc
  .record({
    id: text,
    path: text,
    user: fc.option(text),
    segments: fc.dictionary(text, text, { noNullPrototype: true }),
    headers: fc.dictionary(text, fc.oneof(text, fc.array(text, { maxLength: 3 })), { noNullPrototype: true }),
    request: bytes,
    answer: bytes,
    pieces: fc.float64Array({ maxLength: 9 }),
    headersMs: fc.option(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
    status: fc.option(fc.integer({ min: 100, max: 599 })),
    failure: fc.option(fc.record({ kind: fc.constantFrom('broken', 'timeout', 'left'), detail: text })),
  })
  .map((some) => ({ ...plain, ...some }))

function packedFrom(all: readonly Served[]): Packed[] {
  const packing = createPacking()
  return [...all.map(packing.add), packing.take()].filter((piece) => piece !== null)
}

/** Over a copy that another thread was given. */
function handed({ memory, bytes: used }: Packed): Served[] {
  return [...unpacked({ memory: structuredClone(memory, { transfer: [memory] }), bytes: used })]
}

describe('a piece of memory', () => {
  it('holds any requests, in order', () => {
    fc.assert(
      fc.property(fc.array(served, { maxLength: 8 }), (all) => {
        expect(packedFrom(all).flatMap(handed)).toEqual(all)
      }),
    )
  })

  it('holds what is known only later too: fields that nobody thought of here', () => {
    const more = { ...plain, drill: 'slow' }
    expect(packedFrom([more]).flatMap(handed)).toEqual([more])
  })

  it('is followed by another when it is full, and is as large as a request that is larger', () => {
    const large = { ...plain, id: 'large', answer: new Uint8Array(3 * pieceBytes).fill(7) }
    const half = { ...plain, request: new Uint8Array(pieceBytes / 2).fill(1) }
    const all = [half, { ...half, id: 'second' }, large, plain]
    const pieces = packedFrom(all)
    expect(pieces.map(({ memory }) => memory.byteLength >= pieceBytes)).toEqual([true, true, true, true])
    expect(pieces.filter(({ memory }) => memory.byteLength > pieceBytes)).toHaveLength(1)
    expect(pieces.flatMap(handed)).toEqual(all)
  })

  it('is none where nothing was served', () => {
    expect(createPacking().take()).toBeNull()
  })
})

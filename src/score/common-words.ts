// Whether two texts are mostly made of the same words.

/** At least half of the words, as `scan` numbers them, in common, in whatever order. */
export function haveCommonWords(one: Int32Array, other: Int32Array): boolean {
  if (last.one !== one || last.other !== other) last = { one, other, found: compared(one, other) }
  return last.found
}

/** A pair is asked about by several metrics, one after the other. */
let last: { readonly one: Int32Array | null; readonly other: Int32Array | null; readonly found: boolean } = {
  one: null,
  other: null,
  found: false,
}

function compared(one: Int32Array, other: Int32Array): boolean {
  // An open table with room for twice as many: a Map of numbers is five times as slow.
  const mask = 2 ** Math.ceil(Math.log2(2 * one.length + 2)) - 1
  const [keys, counts] = [new Int32Array(mask + 1), new Int32Array(mask + 1)]
  const isUsed = new Uint8Array(mask + 1)
  const slotOf = (word: number) => {
    let slot = (word ^ (word >>> 16)) & mask
    while (isUsed[slot] === 1 && keys[slot] !== word) slot = (slot + 1) & mask
    return slot
  }
  for (const word of one) {
    const slot = slotOf(word)
    isUsed[slot] = 1
    keys[slot] = word
    counts[slot] = (counts[slot] ?? 0) + 1
  }
  let common = 0
  for (const word of other) {
    const slot = slotOf(word)
    const left = counts[slot] ?? 0
    if (left === 0) continue
    counts[slot] = left - 1
    common++
  }
  return 4 * common >= one.length + other.length
}

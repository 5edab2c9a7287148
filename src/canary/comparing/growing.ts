// A typed array that grows: requests come one by one, and statistics want columns.

type Numbers = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>

export interface Growing<T extends Numbers> {
  readonly push: (value: number) => void
  /** Adds to what stands at that place, 0 where nothing did yet, and says what it comes to. */
  readonly raise: (place: number, by: number) => number
  /** What there is so far, not copied: good until the next push. */
  readonly view: () => T
}

export function growing<T extends Numbers>(kind: new (length: number) => T): Growing<T> {
  let held = new kind(64)
  let length = 0
  const reserve = (wanted: number) => {
    if (wanted <= held.length) return
    const larger = new kind(Math.max(wanted, 2 * held.length))
    larger.set(held)
    held = larger
  }
  return {
    push: (value) => {
      reserve(length + 1)
      held[length++] = value
    },
    raise: (place, by) => {
      reserve(place + 1)
      length = Math.max(length, place + 1)
      held[place] = (held[place] ?? 0) + by
      return held[place] ?? 0
    },
    view: () => held.subarray(0, length) as T,
  }
}

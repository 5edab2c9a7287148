// Values that are looked at again and again while they become more, in ascending order each time.

/** Sorts what is new and merges it with what was in order before: `values` only ever grows at its end. */
export function inOrder(): (values: Float64Array) => Float64Array {
  let held = new Float64Array()
  return (values) => {
    if (values.length > held.length) held = merged(held, values.subarray(held.length).toSorted())
    return held
  }
}

function merged(one: Float64Array, other: Float64Array): Float64Array<ArrayBuffer> {
  const all = new Float64Array(one.length + other.length)
  let [i, j] = [0, 0]
  for (let place = 0; place < all.length; place++) {
    const [a = Infinity, b = Infinity] = [one[i], other[j]]
    const isFirst = j >= other.length || (i < one.length && a <= b)
    all[place] = isFirst ? a : b
    if (isFirst) i++
    else j++
  }
  return all
}

// The model that a body names, found among its bytes: a long body is not read whole only to see whom it asks.

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [open, close, openArray, closeArray] = [0x7b, 0x7d, 0x5b, 0x5d]
const name = Buffer.from('"model"')
/** Longer strings are left to the search of whole blocks, which is slow to begin and then fast. */
const shortString = 48

/**
 * The last `model` of the outermost object, as `JSON.parse` would have it; null where that is no text, or there is none. undefined where
 * only reading the whole can say. Of bytes that are no JSON it may say anything.
 */
export function namedModel(body: Buffer): string | null | undefined {
  let at = afterSpace(body, 0)
  if (body[at] !== open) return undefined
  let found: string | null = null
  let depth = 0
  let isKey = false
  for (; at < body.length; at++) {
    const byte = body[at]
    if (byte === quote) {
      const end = endOfString(body, at)
      if (end < 0) return undefined
      if (isKey) {
        if (body.subarray(at, end).includes(backslash)) return undefined
        if (name.equals(body.subarray(at, end))) found = textAfter(body, end)
        isKey = false
      }
      at = end - 1
    } else if (byte === open || byte === openArray) {
      depth++
      isKey = depth === 1
    } else if (byte === close || byte === closeArray) {
      depth--
      if (depth === 0) return afterSpace(body, at + 1) === body.length ? found : undefined
    } else if (byte === comma) isKey = depth === 1
  }
  return undefined
}

/** The string behind the colon; null where something else stands there. */
function textAfter(body: Buffer, key: number): string | null {
  const start = afterSpace(body, afterSpace(body, key) + 1)
  const end = body[start] === quote ? endOfString(body, start) : -1
  if (end < 0) return null
  try {
    const value: unknown = JSON.parse(body.toString('utf8', start, end))
    return typeof value === 'string' ? value : null
  } catch {
    return null
  }
}

/** Behind the quote that ends the string that begins at `start`; −1 where none does. */
function endOfString(body: Buffer, start: number): number {
  let at = start + 1
  for (const near = Math.min(body.length, at + shortString); at < near; at++) {
    if (body[at] === quote) return at + 1
    if (body[at] === backslash) at++
  }
  // Where the loop stepped over what a backslash escapes, `at` is right behind it.
  for (;;) {
    const end = body.indexOf(quote, at)
    if (end < 0) return -1
    let before = end
    while (before > at && body[before - 1] === backslash) before--
    if ((end - before) % 2 === 0) return end + 1
    at = end + 1
  }
}

function afterSpace(body: Buffer, start: number): number {
  let at = start
  for (; at < body.length; at++) {
    const byte = body[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
  }
  return at
}

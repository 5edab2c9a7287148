// Nouns as JSON text, and back.

/**
 * JSON that keeps Infinity, which effects have where the data cannot bound a side: as the text "Infinity", since SQL reads
 * that as the number. A text that reads the same gets a `~` in front.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'number') return Number.isFinite(each) ? each : String(each)
    return typeof each === 'string' && /^~*-?Infinity$/.test(each) ? `~${each}` : each
  })
}

/** The inverse of `toJson`. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_key, each: unknown) => {
    if (each === 'Infinity') return Infinity
    if (each === '-Infinity') return -Infinity
    return typeof each === 'string' && /^~+-?Infinity$/.test(each) ? each.slice(1) : each
  })
}

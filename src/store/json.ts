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

/** The inverse of `toJson`. Walks what was parsed: a reviver, which is called with every number too, takes twice as long. */
export function fromJson(text: string): unknown {
  return restored(JSON.parse(text))
}

function restored(value: unknown): unknown {
  if (typeof value === 'string') return restoredText(value)
  if (typeof value !== 'object' || value === null) return value
  for (const [key, each] of Object.entries(value)) {
    const own = restored(each)
    // Few are. Defined, not assigned: a key may be called `__proto__`.
    if (own !== each)
      Object.defineProperty(value, key, { value: own, writable: true, enumerable: true, configurable: true })
  }
  return value
}

function restoredText(text: string): string | number {
  if (!text.endsWith('Infinity')) return text
  if (text === 'Infinity') return Infinity
  if (text === '-Infinity') return -Infinity
  return /^~+-?Infinity$/.test(text) ? text.slice(1) : text
}

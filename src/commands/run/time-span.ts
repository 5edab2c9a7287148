// A span of time as people type it: "90s", "30m", "2h".

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000 }

/** Milliseconds; null for what is none. A bare number has no unit, and is none. */
export function timeSpanOf(text: string): number | null {
  const [, size, unit] = /^(\d+(?:\.\d+)?) ?(s|m|min|h)$/.exec(text.trim()) ?? []
  return size === undefined || unit === undefined ? null : Number(size) * (unitMs[unit] ?? 0)
}

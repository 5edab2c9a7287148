// Which errors a log line has said already: `cli.ts` says every other one in words.

const told = new WeakSet<object>()

export function markTold(error: unknown): void {
  if (typeof error === 'object' && error !== null) told.add(error)
}

export function isTold(error: unknown): boolean {
  return typeof error === 'object' && error !== null && told.has(error)
}

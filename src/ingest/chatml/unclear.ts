// Why something in a trace is no certain chat: a value, so that it is handed on and never thrown.

/** A person reads `reason`; it quotes no text of a user. */
export class Unclear {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/** What is said of a call whose request cannot be put together with certainty. */
export function uncertain({ reason }: Unclear): string {
  return `its request is not certain: ${reason}`
}

/** All of them, or the first that is unclear. */
export function allClear<T>(items: readonly (T | Unclear)[]): readonly T[] | Unclear {
  const clear: T[] = []
  for (const item of items) {
    if (item instanceof Unclear) return item
    clear.push(item)
  }
  return clear
}

/** A word of the log that a reason may name: short, and plain. */
export function worded(value: string | null): string {
  return value === null ? 'none' : value.replaceAll(/[^\w.-]/g, '').slice(0, 40)
}

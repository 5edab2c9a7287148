// What stands in the lines that a map reads: which of it the map does not cover, and what the map looks for in vain.

import { nearest } from '../../core/nearest.ts'
import { withoutSecrets } from '../../core/secrets.ts'
import type { Json } from '../../core/types.ts'
import { isArray, isObject, parseJson } from '../../providers/shape.ts'
import { type Path, placeBelow } from './path.ts'

/** What a map left unread. Names of fields alone: no value of anybody's. */
export interface Coverage {
  readonly lines: number
  /** Paths that matched in no line, each with the place that may have been meant. */
  readonly unmatched: readonly { readonly key: string; readonly path: string; readonly nearest: string | null }[]
  /** Keys that found in so many lines what they cannot be: a time that is none, a count in words. */
  readonly unreadable: readonly { readonly key: string; readonly path: string; readonly lines: number }[]
  /** Places that no path covers, in the order of how many lines have them; the first of them. */
  readonly unmapped: readonly { readonly path: string; readonly lines: number }[]
  readonly unmappedCount: number
}

/** Places shown, places remembered, and how far down is looked. */
const [maxShown, maxPlaces, maxDepth] = [30, 5000, 12]

export function createCensus(paths: ReadonlyMap<string, Path>) {
  const seen = new Map<string, number>()
  const covered = new Set<string>()
  const matched = new Set<string>()
  const unreadable = new Map<string, number>()
  let lines = 0

  const gather = (value: Json, place: string, into: Set<string>, depth: number): void => {
    if (covered.has(place) || value === null) return
    const json = typeof value === 'string' && /^\s*[{[]/.test(value) ? (parseJson(value) ?? value) : value
    if (depth < maxDepth && isArray(json)) for (const each of json) gather(each, `${place}[*]`, into, depth + 1)
    else if (depth < maxDepth && isObject(json)) {
      for (const [field, each] of Object.entries(json)) gather(each, placeBelow(place, field), into, depth + 1)
    } else into.add(place)
  }

  return {
    add: (line: Json): void => {
      lines += 1
      for (const [key, path] of paths) {
        if (path.find(line).length > 0) matched.add(key)
        if (covered.size < maxPlaces) path.places(line, (place) => place !== '' && covered.add(place))
      }
      const here = new Set<string>()
      gather(line, '', here, 0)
      for (const place of here) {
        if (seen.has(place) || seen.size < maxPlaces) seen.set(place, (seen.get(place) ?? 0) + 1)
      }
    },
    addUnreadable: (key: string): void => {
      unreadable.set(key, (unreadable.get(key) ?? 0) + 1)
    },
    coverage: (): Coverage => {
      const leaves = [...seen].toSorted(([a, before], [b, after]) => after - before || (a < b ? -1 : 1))
      const places = [...new Set(leaves.flatMap(([place]) => [place, ...placesAbove(place)]))]
      const unmatched = [...paths].filter(([key]) => lines > 0 && !matched.has(key))
      return {
        lines,
        unmatched: unmatched.map(([key, { text }]) => ({
          key,
          path: text,
          nearest: shown(nearest(text.replace(/^\$\.?/, ''), places)),
        })),
        unreadable: [...unreadable].map(([key, count]) => ({ key, path: paths.get(key)?.text ?? '', lines: count })),
        unmapped: leaves.slice(0, maxShown).map(([path, count]) => ({ path: shown(path) ?? '', lines: count })),
        unmappedCount: leaves.length,
      }
    },
  }
}

/** A body that was mapped by a wrong name stands above its leaves. */
function placesAbove(place: string): readonly string[] {
  return [...place.matchAll(/(?!^)[.[]/g)].map(({ index }) => place.slice(0, index))
}

/** A field's name may be anything, a key too. */
function shown(place: string | null): string | null {
  return place === null ? null : withoutSecrets(place).text.slice(0, 160).toWellFormed()
}

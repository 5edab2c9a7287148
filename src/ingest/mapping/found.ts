// What a map finds in one line, read as what it must be.

import type { Instant, Json } from '../../core/types.ts'
import { isArray, isObject } from '../../providers/shape.ts'
import { meant } from '../chatml/chat.ts'
import { instantOf } from '../parts/instant.ts'
import { isTooDeep } from '../redact.ts'
import type { MapKey } from './map.ts'
import type { Path } from './path.ts'

export interface Found {
  /** The first that is there; undefined where nothing is. */
  readonly value: (key: MapKey) => Json | undefined
  /** The same, out of a text where a text holds JSON; a list where the path means several. */
  readonly json: (key: MapKey) => Json | undefined
  readonly text: (key: MapKey) => string | null
  readonly number: (key: MapKey) => number | null
  readonly count: (key: MapKey) => number | null
  readonly instant: (key: MapKey) => Instant | null
}

export function foundIn(line: Json, paths: ReadonlyMap<string, Path>): Found {
  const all = (key: MapKey) => paths.get(key)?.find(line) ?? []
  const value = (key: MapKey) => all(key)[0]
  const number = (key: MapKey) => numberOf(value(key))
  return {
    value,
    json: (key) => {
      const [first, ...more] = all(key)
      return more.length > 0 ? all(key).map(plain) : first === undefined ? undefined : plain(first)
    },
    text: (key) => wordOf(value(key)),
    number,
    count: (key) => {
      const counted = number(key)
      return counted !== null && Number.isSafeInteger(counted) ? counted : null
    },
    instant: (key) => instantOf(value(key)),
  }
}

/** Out of a text where it holds JSON, but for JSON that nests too deeply to be anything. */
function plain(json: Json): Json {
  const parsed = meant(json)
  return isTooDeep(parsed) ? json : parsed
}

/** From 0; tables have numbers as text. */
export function numberOf(value: Json | undefined): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null
}

/** What a name or a segment may be: no list and no object. */
export function wordOf(value: Json | undefined): string | null {
  if (value === undefined || value === null || isObject(value) || isArray(value)) return null
  return value === '' ? null : String(value)
}
